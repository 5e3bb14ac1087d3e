-- Query 15 over its groups, which are a view of their own.
CREATE MATERIALIZED VIEW revenue WITH (freshet.refresh = 'incremental') AS
SELECT l_suppkey AS supplier_no, sum(l_extendedprice * (1 - l_discount))::numeric(20, 4) AS total_revenue
FROM lineitem
WHERE l_shipdate >= date '1996-01-01'
  AND l_shipdate < date '1996-01-01' + interval '3' month
GROUP BY l_suppkey;

CREATE INDEX revenue_total ON revenue (total_revenue);

CREATE MATERIALIZED VIEW over_groups WITH (freshet.refresh = 'incremental') AS
SELECT s_suppkey, s_name, s_address, s_phone, total_revenue
FROM supplier, revenue
WHERE s_suppkey = supplier_no
  AND total_revenue = (SELECT max(total_revenue) FROM revenue)
ORDER BY s_suppkey;
