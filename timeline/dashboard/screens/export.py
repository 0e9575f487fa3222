from timeline.dashboard.first_start import is_ready

if is_ready("timeline.dashboard.export"):
    from timeline.dashboard.export import show

    show()
