from timeline.dashboard.articles import show

show()
