from timeline.dashboard.first_start import is_ready

if is_ready("timeline.dashboard.places"):
    from timeline.dashboard.places import show

    show()
