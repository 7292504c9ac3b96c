"""The KLA scorecard: a card for each year, evidence, the province's check, exports."""
