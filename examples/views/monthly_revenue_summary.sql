-- The monthly report: revenue, orders and customers by category.
--
-- Any strategy may refresh it (auto picks one by measured cost); between the full hours it is
-- served as it stands. A top-off computes only the current month anew.
CREATE MATERIALIZED VIEW monthly_revenue_summary
WITH (
  freshet.refresh = 'auto',
  freshet.schedule = '0 * * * *',
  freshet.top_off_where = 'month >= date_trunc(''month'', localtimestamp)'
) AS
SELECT
DATE_TRUNC('month', o.created_at) AS month,
p.category,
COUNT(DISTINCT o.id) AS order_count,
COUNT(DISTINCT o.user_id) AS unique_customers,
SUM(o.amount_cents) / 100.0 AS revenue,
AVG(o.amount_cents) / 100.0 AS avg_order_value
FROM orders o
JOIN order_items oi ON oi.order_id = o.id
JOIN products p ON p.id = oi.product_id
WHERE o.status = 'completed'
GROUP BY 1, 2
ORDER BY 1 DESC, 2;

CREATE INDEX idx_mrv_month ON monthly_revenue_summary (month DESC);
CREATE INDEX idx_mrv_category ON monthly_revenue_summary (category);
CREATE UNIQUE INDEX idx_mrv_unique ON monthly_revenue_summary (month, category);
