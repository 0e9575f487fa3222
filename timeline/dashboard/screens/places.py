from timeline.dashboard.places import show

show()
