from timeline.dashboard.first_start import is_ready

if is_ready("timeline.dashboard.explore"):
    from timeline.dashboard.explore import show

    show()
