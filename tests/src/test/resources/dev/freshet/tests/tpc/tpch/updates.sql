-- Changes that TPC-H does not have. Many of them move rows into the queries or out of them.
UPDATE region SET r_comment = md5(random()::text) WHERE random() < 0.4;

UPDATE region SET r_name = CASE r_name WHEN 'ASIA' THEN 'EUROPE' WHEN 'EUROPE' THEN 'ASIA' ELSE r_name END;

UPDATE nation SET n_regionkey = floor(random() * 5) WHERE random() < 0.08;

UPDATE nation SET n_name = (ARRAY['FRANCE', 'GERMANY', 'CANADA', 'BRAZIL', 'SAUDI ARABIA'])[1 + floor(random() * 5)::integer]
WHERE random() < 0.05;

UPDATE supplier SET s_nationkey = floor(random() * 25) WHERE random() < 0.03;

UPDATE supplier SET s_acctbal = s_acctbal + round((random() * 100)::numeric, 2), s_phone = reverse(s_phone) WHERE random() < 0.03;

UPDATE supplier SET s_comment = CASE WHEN s_comment LIKE '%Customer%' THEN 'none' ELSE 'the Customer sent Complaints' END
WHERE random() < 0.05;

INSERT INTO supplier SELECT (SELECT max(s_suppkey) + 1 FROM supplier), 'Supplier#new', 'Kiel', 3, '13-555', 1.00, 'new';

UPDATE part SET p_brand = 'Brand#' || (ARRAY[12, 23, 34, 45])[1 + floor(random() * 4)::integer],
  p_container = (ARRAY['MED BOX', 'SM CASE', 'LG PACK'])[1 + floor(random() * 3)::integer], p_size = 1 + floor(random() * 15)
WHERE random() < 0.01;

UPDATE part SET p_name = (ARRAY['forest blush', 'dim green', 'sky'])[1 + floor(random() * 3)::integer] WHERE random() < 0.01;

UPDATE part SET p_size = 15, p_type = (ARRAY['LARGE BRUSHED BRASS', 'PROMO PLATED TIN', 'ECONOMY ANODIZED STEEL'])[1 + floor(random() * 3)::integer]
WHERE random() < 0.01;

UPDATE partsupp SET ps_supplycost = round((random() * 1000)::numeric, 2), ps_availqty = floor(random() * 100)
WHERE random() < 0.005;

INSERT INTO partsupp SELECT p_partkey, 1 + floor(random() * 10)::integer, 50, 7.77, 'new' FROM part WHERE random() < 0.003
ON CONFLICT DO NOTHING;

DELETE FROM partsupp WHERE random() < 0.02
AND NOT EXISTS (SELECT FROM lineitem WHERE l_partkey = ps_partkey AND l_suppkey = ps_suppkey);

UPDATE customer SET c_mktsegment = CASE c_mktsegment WHEN 'BUILDING' THEN 'MACHINERY' ELSE 'BUILDING' END WHERE random() < 0.01;

UPDATE customer SET c_nationkey = floor(random() * 25), c_phone = (10 + floor(random() * 25)) || substring(c_phone FROM 3)
WHERE random() < 0.01;

UPDATE customer SET c_acctbal = -c_acctbal, c_comment = 'turned' WHERE random() < 0.01;

INSERT INTO customer SELECT c_custkey + 1, 'Customer#new', 'Bonn', 7, '13-555', 9999.99, 'BUILDING', 'new'
FROM customer ORDER BY c_custkey DESC LIMIT 1;

DELETE FROM customer WHERE random() < 0.01 AND c_custkey > 100 AND NOT EXISTS (SELECT FROM orders WHERE o_custkey = c_custkey);

UPDATE orders SET o_orderdate = o_orderdate + (random() * 60)::integer - 30, o_orderstatus = 'F' WHERE random() < 0.001;

UPDATE orders SET o_orderpriority = '1-URGENT', o_comment = 'some special kind of requests' WHERE random() < 0.001;

UPDATE orders SET o_custkey = (SELECT c_custkey FROM customer ORDER BY random() LIMIT 1), o_totalprice = o_totalprice + 1 WHERE random() < 0.0005;

UPDATE lineitem SET l_quantity = 50 WHERE l_orderkey IN (SELECT o_orderkey FROM orders WHERE random() < 0.001);

UPDATE lineitem SET l_discount = round((random() / 10)::numeric, 2), l_tax = 0.01 WHERE random() < 0.001;

UPDATE lineitem SET l_shipdate = date '1994-01-01' + (random() * 900)::integer, l_receiptdate = l_receiptdate + 9, l_returnflag = 'R'
WHERE random() < 0.001;

UPDATE lineitem SET l_shipmode = 'AIR', l_shipinstruct = 'DELIVER IN PERSON', l_quantity = 1 + floor(random() * 5) WHERE random() < 0.001;

UPDATE lineitem SET l_partkey = ps_partkey, l_suppkey = ps_suppkey
FROM (SELECT ps_partkey, ps_suppkey FROM partsupp ORDER BY random() LIMIT 1) other WHERE random() < 0.0002;

UPDATE lineitem SET l_comment = 'nobody looks at it' WHERE random() < 0.001;

DELETE FROM lineitem WHERE random() < 0.0005;

BEGIN;
UPDATE lineitem SET l_quantity = l_quantity + 1 WHERE l_orderkey % 100 = 1;
DELETE FROM lineitem WHERE l_orderkey % 1000 = 1 AND l_linenumber > 1;
ROLLBACK;
