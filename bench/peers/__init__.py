"""Others doing the centre's job, Kafka → decode and validate → ClickHouse, each as its own users would write it."""
