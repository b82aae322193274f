"""The only place that knows Faust and the broker: app, topics, agents, sources, publishing."""
