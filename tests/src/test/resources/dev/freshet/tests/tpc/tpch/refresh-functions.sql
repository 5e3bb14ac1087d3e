-- RF1: as many new orders as one in :n, each with the lines of an order that exists, moved in time.
WITH last (o_key) AS (SELECT max(o_orderkey) FROM orders),
picked AS (
  SELECT o.*, o_key + row_number() OVER () AS o_newkey, floor(random() * 61)::integer - 30 AS o_moved,
    customers[1 + floor(random() * cardinality(customers))::integer] AS o_newcustkey
  FROM orders o, last, (SELECT array_agg(c_custkey) AS customers FROM customer) c WHERE random() < 1.0 / :n
),
added AS (
  INSERT INTO orders
  SELECT o_newkey, o_newcustkey, o_orderstatus, o_totalprice, o_orderdate + o_moved, o_orderpriority, o_clerk,
    o_shippriority, o_comment
  FROM picked
)
INSERT INTO lineitem
SELECT o_newkey, l_partkey, l_suppkey, l_linenumber, 1 + floor(random() * 50), l_extendedprice,
  floor(random() * 11) / 100, l_tax, l_returnflag, l_linestatus, l_shipdate + o_moved, l_commitdate + o_moved,
  l_receiptdate + o_moved, l_shipinstruct, l_shipmode, l_comment
FROM picked JOIN lineitem ON l_orderkey = o_orderkey;

-- RF2: as many old orders disappear, with their lines.
WITH old AS (SELECT o_orderkey AS key FROM orders WHERE random() < 1.0 / :n),
lines AS (DELETE FROM lineitem USING old WHERE l_orderkey = key)
DELETE FROM orders USING old WHERE o_orderkey = key;
