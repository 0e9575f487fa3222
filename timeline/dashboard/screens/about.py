from timeline.dashboard.about import show

show()
