# The account question of PP TUNAS, facts known: the first rule that holds, strictest first.
package account

default outcome := "unclear"

outcome := "not_a_child" if {
	input.age >= 18
} else := "deny" if {
	input.age < 3
} else := "deny" if {
	input.consent == "withdrawn"
} else := "deny" if {
	input.consent == "refused"
} else := "deny" if {
	input.age < 16
	input.risk_profile != "low"
} else := "deny" if {
	input.age < 16
	input.service_type == "social_media"
} else := "deny" if {
	input.age < 13
	not input.designed_for_children
} else := "wait" if {
	input.consent == "pending"
} else := "ask_guardian" if {
	input.consent != "granted"
} else := "allow" if {
	input.consent_by == "parent"
} else := "ask_guardian" if {
	input.age < 17
} else := "allow" if {
	input.parent_notified
	input.parent_confirmed
} else := "wait"
