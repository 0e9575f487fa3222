from timeline.dashboard.review import show

show()
