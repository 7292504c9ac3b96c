"""Addresses of campaigns and of results."""

from django.urls import path, re_path

from ruangaman.rooms.learning.views import campaigns, results

# They stand before `pelajaran/<objective>/`, which would take them for lessons.
OF_CAMPAIGNS = [
    path("pelajaran/kampanye/", campaigns.campaigns, name="campaigns"),
    path("pelajaran/kampanye/baru", campaigns.new, name="campaign_new"),
    path("pelajaran/kampanye/<slug:slug>/", campaigns.desk, name="campaign"),
    re_path(
        r"^pelajaran/kampanye/(?P<slug>[-a-zA-Z0-9_]+)/(?P<what>undi|hari|kata|akhiri)$",
        campaigns.act,
        name="campaign_act",
    ),
    path("pelajaran/kampanye/<slug:slug>/hasil", results.campaign_results, name="campaign_results"),
    path(
        "pelajaran/kampanye/<slug:slug>/hasil/<slug:objective>",
        results.campaign_results,
        name="campaign_results_of",
    ),
    path("pelajaran/kampanye/<slug:slug>/undian.json", campaigns.draw_list, name="campaign_draw_list"),
    path("pelajaran/kampanye/<slug:slug>/poster-<slug:letter>.pdf", campaigns.poster, name="campaign_poster"),
    re_path(
        r"^pelajaran/kampanye/(?P<slug>[-a-zA-Z0-9_]+)/qr-(?P<letter>[AB])\.(?P<kind>svg|png)$",
        campaigns.qr,
        name="campaign_qr",
    ),
    path("pelajaran/p/<slug:code>", campaigns.short, name="short"),
    path("pelajaran/hasil/", results.regions, name="regions"),
]
