from timeline.dashboard.explore import show

show()
