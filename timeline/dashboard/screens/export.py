from timeline.dashboard.export import show

show()
