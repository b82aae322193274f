-- Bài báo không trùng | press articles without duplicates
SELECT event_id, received_at, source, outlet, url, title, text, published_at, language
FROM {posts}
