-- projection, filter
SELECT id, x + 1 AS y, upper(s) AS u FROM a WHERE x > 2 AND s LIKE 's%'

-- table without a key, duplicates
SELECT k, x FROM c

-- partitioned table
SELECT day, v FROM p WHERE v > 1

-- inner join
SELECT a.id, b.id AS other FROM a JOIN b ON b.k = a.k

-- inner join of three
SELECT a.id, b.s, c.x FROM a JOIN b ON b.k = a.k JOIN c ON c.k = b.k

-- inner join, unequal
SELECT a.id, c.x FROM a JOIN c ON a.x > c.x AND a.k <> c.k

-- self join
SELECT l.id, r.id AS other FROM a l JOIN a r ON r.k = l.k AND r.id < l.id

-- cross join
SELECT c.k, b.s FROM c CROSS JOIN b

-- left join
SELECT a.id, c.x FROM a LEFT JOIN c ON c.k = a.k

-- right join
SELECT a.id, b.id AS other FROM a RIGHT JOIN b ON b.k = a.k AND a.x > b.x

-- full join
SELECT a.id, b.id AS other FROM a FULL JOIN b ON b.id = a.id

-- left joins in a chain
SELECT a.id, b.s, c.x FROM a LEFT JOIN b ON b.id = a.id LEFT JOIN c ON c.k = b.k

-- USING
SELECT id, a.x, b.s FROM a JOIN b USING (id)

-- EXISTS
SELECT id FROM a WHERE EXISTS (SELECT FROM b WHERE b.k = a.k)

-- NOT EXISTS
SELECT id FROM a WHERE NOT EXISTS (SELECT FROM b WHERE b.k = a.k AND b.x > a.x)

-- IN
SELECT id FROM a WHERE k IN (SELECT k FROM c)

-- NOT IN, with NULLs
SELECT id FROM a WHERE k NOT IN (SELECT k FROM c)

-- > ALL
SELECT id FROM a WHERE x > ALL (SELECT x FROM c WHERE c.k = a.k)

-- EXISTS under OR
SELECT id FROM a WHERE x = 1 OR EXISTS (SELECT FROM c WHERE c.k = a.k)

-- EXISTS in the select list
SELECT id, EXISTS (SELECT FROM c WHERE c.k = a.k) AS found FROM a

-- IN as a value, unknown with NULLs
SELECT id, k IN (SELECT k FROM c) AS among, x <= ALL (SELECT x FROM c) AS least FROM a

-- scalar subquery, an aggregate
SELECT id, x - (SELECT max(x) FROM c) AS below FROM a

-- scalar subquery, correlated
SELECT id, (SELECT sum(b.x) FROM b WHERE b.k = a.k) AS x FROM a

-- scalar subquery, a lookup by key
SELECT id, (SELECT b.s FROM b WHERE b.id = a.x) AS s FROM a

-- scalar subquery, a lookup without a key
SELECT id, (SELECT DISTINCT c.k FROM c WHERE c.k = a.k) AS k FROM a

-- scalar subquery, the latest of each
SELECT id, (SELECT b.s FROM b WHERE b.k = a.k ORDER BY b.x DESC, b.id LIMIT 1) AS s FROM a

-- scalar subquery, an aggregate correlated by inequality
SELECT id, (SELECT count(*) FROM b WHERE b.x < a.x) AS below FROM a

-- scalar subquery, correlated by a column that may be NULL
SELECT id, (SELECT sum(b.x * a.k) FROM b WHERE b.x > a.x OR a.x IS NULL) AS s FROM a

-- scalar subquery, correlated by the elements of an array
SELECT id, (SELECT count(*) FROM b WHERE b.x = ANY (ARRAY[a.k, a.x])) AS c FROM a

-- ARRAY of a subquery
SELECT id, ARRAY(SELECT b.id FROM b WHERE b.k = a.k ORDER BY b.id) AS others FROM a

-- UNION in a correlated subquery
SELECT id FROM a WHERE EXISTS (SELECT FROM b WHERE b.k = a.k UNION ALL SELECT FROM c WHERE c.k = a.k AND c.x > a.x)

-- subquery over an array of the row
SELECT id, (SELECT max(g) FROM unnest(ARRAY[k, x]) g) AS most FROM a

-- IN, of an aggregate of all rows
SELECT id FROM a WHERE k IN (SELECT count(*) FROM c WHERE c.k = a.k)

-- subquery in a subquery, correlated with the query around both
SELECT id, (SELECT count(*) FROM b WHERE b.k = a.k AND EXISTS (SELECT FROM c WHERE c.k = b.x AND c.x < a.x)) AS c FROM a

-- subquery in FROM of a scalar subquery
SELECT id, (SELECT max(g.c) FROM (SELECT count(*) AS c FROM b WHERE b.k = a.k GROUP BY b.x) g) AS most FROM a

-- scalar subquery beside an aggregate of all rows
SELECT sum(x) AS x, (SELECT max(x) FROM b) AS most FROM a

-- LATERAL, the last row before, as of
SELECT a.id, l.id AS other FROM a LEFT JOIN LATERAL (SELECT b.id FROM b WHERE b.k = a.k AND b.x <= a.x ORDER BY b.x DESC, b.id LIMIT 1) l ON true

-- EXISTS of a group, correlated by inequality
SELECT id FROM a WHERE EXISTS (SELECT b.k FROM b WHERE b.x > a.x GROUP BY b.k HAVING count(*) > 2)

-- LATERAL, expressions of a row
SELECT a.id, l.y FROM a, LATERAL (SELECT a.x + a.k AS y) l

-- LATERAL, the rows of each
SELECT a.id, l.x FROM a LEFT JOIN LATERAL (SELECT c.x FROM c WHERE c.k = a.k AND c.x < a.x) l ON true

-- LATERAL, an aggregate
SELECT a.id, l.n FROM a, LATERAL (SELECT count(*) AS n FROM b WHERE b.k = a.k) l

-- LATERAL, the first rows of each
SELECT a.id, l.id AS other FROM a, LATERAL (SELECT b.id FROM b WHERE b.k = a.k ORDER BY b.x DESC, b.id LIMIT 2) l

-- LATERAL VALUES, columns as rows
SELECT a.id, v.name, v.value FROM a CROSS JOIN LATERAL (VALUES ('k', a.k), ('x', a.x)) v (name, value)

-- left join with a function of the row
SELECT a.id, g FROM a LEFT JOIN LATERAL generate_series(1, a.x - 2) g ON true

-- set-returning function of a row
SELECT a.id, g FROM a, generate_series(1, a.x) g

-- unnest in the select list
SELECT id, unnest(ARRAY[k, x]) AS v FROM a

-- GROUP BY with count, sum, avg
SELECT k, count(*) AS c, count(s) AS cs, sum(n) AS n, avg(x) AS x FROM a GROUP BY k

-- GROUP BY an expression, FILTER
SELECT x % 3 AS m, count(*) FILTER (WHERE s = 's1') AS c, bool_or(x > 3) AS b FROM a GROUP BY x % 3

-- GROUP BY over a join, HAVING
SELECT b.s, count(*) AS c, sum(a.n) AS n FROM a JOIN b ON b.k = a.k GROUP BY b.s HAVING count(*) > 3

-- min, max
SELECT k, min(x) AS least, max(n) AS most FROM a GROUP BY k

-- float sum
SELECT k, sum(f) AS f, avg(f) AS m FROM a WHERE f <> 'NaN' GROUP BY k

-- stddev, variance
SELECT k, stddev(n) AS d, var_pop(x) AS v FROM a GROUP BY k

-- count(DISTINCT)
SELECT k, count(DISTINCT s) AS s, count(DISTINCT x) FILTER (WHERE x > 1) AS x FROM a GROUP BY k

-- string_agg, array_agg with an order
SELECT k, string_agg(s, ',' ORDER BY id) AS s, array_agg(x ORDER BY id DESC) AS x FROM a GROUP BY k

-- percentile_cont, mode
SELECT k, percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS p, mode() WITHIN GROUP (ORDER BY x) AS m FROM a GROUP BY k

-- jsonb_object_agg
SELECT k, jsonb_object_agg(id, s) AS j FROM a GROUP BY k

-- user-defined aggregate
SELECT k, public.product(x) AS p, public.product(DISTINCT x) FILTER (WHERE x > 0) AS d FROM a GROUP BY k

-- CUBE
SELECT k, x, count(*) AS n FROM a GROUP BY CUBE (k, x)

-- aggregate of all rows
SELECT count(*) AS c, sum(n) AS n FROM a

-- max of all rows
SELECT max(x) AS x FROM a

-- ROLLUP
SELECT k, x, count(*) AS c, grouping(k, x) AS g FROM a GROUP BY ROLLUP (k, x)

-- GROUPING SETS
SELECT k, s, sum(n) AS n FROM a GROUP BY GROUPING SETS ((k), (s))

-- aggregate of an aggregate
SELECT c, count(*) AS groups FROM (SELECT k, count(*) AS c FROM a GROUP BY k) g GROUP BY c

-- join with an aggregate
SELECT b.id, g.n FROM b JOIN (SELECT k, sum(n) AS n FROM a GROUP BY k) g ON g.k = b.k

-- left join with an aggregate
SELECT b.id, coalesce(g.c, 0) AS c FROM b LEFT JOIN (SELECT k, count(*) AS c FROM a GROUP BY k) g ON g.k = b.k

-- DISTINCT
SELECT DISTINCT k, x FROM a

-- DISTINCT ON
SELECT DISTINCT ON (k) k, id, n FROM a ORDER BY k, n DESC, id

-- UNION ALL
SELECT k, x FROM a UNION ALL SELECT k, x FROM c

-- UNION
SELECT k, x FROM a UNION SELECT k, x FROM c

-- INTERSECT
SELECT k, x FROM a INTERSECT SELECT k, x FROM c

-- INTERSECT ALL
SELECT k FROM a INTERSECT ALL SELECT k FROM c

-- EXCEPT
SELECT k, x FROM a EXCEPT SELECT k, x FROM b

-- EXCEPT ALL
SELECT k FROM a EXCEPT ALL SELECT k FROM c

-- window by partition
SELECT id, k, rank() OVER (PARTITION BY k ORDER BY n) AS r, sum(x) OVER (PARTITION BY k ORDER BY id) AS s FROM a

-- windows with nothing in common to partition by
SELECT id, rank() OVER (PARTITION BY k ORDER BY x) AS r, sum(x) OVER (PARTITION BY s) AS s FROM a

-- windows that add to another one
SELECT id, sum(x) OVER (w ORDER BY id) AS s, count(*) OVER w AS c FROM a WINDOW w AS (PARTITION BY k)

-- subquery correlated with ROLLUP
SELECT k, sum(x) AS x, (SELECT max(b.x) FROM b WHERE b.k = a.k) AS most FROM a GROUP BY ROLLUP (k)

-- window over ROLLUP
SELECT k, s, sum(x) AS x, rank() OVER (PARTITION BY grouping(k, s) ORDER BY sum(x)) AS r FROM a GROUP BY ROLLUP (k, s)

-- DISTINCT over GROUPING SETS
SELECT DISTINCT count(*) AS c FROM a GROUP BY GROUPING SETS ((k), (s))

-- window over an aggregate
SELECT k, x, c, sum(c) OVER (PARTITION BY k) AS all_of_k FROM (SELECT k, x, count(*) AS c FROM a GROUP BY k, x) g

-- filter on row_number: the first of each
SELECT k, id FROM (SELECT k, id, row_number() OVER (PARTITION BY k ORDER BY x DESC, id) AS r FROM a) w WHERE r <= 2

-- join with row_number in a total order
SELECT a.id, w.id AS other FROM a JOIN (SELECT k, id, row_number() OVER (PARTITION BY k ORDER BY x DESC, id) AS r FROM b) w ON w.k = a.k AND w.r = 1

-- window of all rows
SELECT id, row_number() OVER (ORDER BY id) AS r FROM a

-- ORDER BY without LIMIT
SELECT id, x FROM a ORDER BY x, id

-- LIMIT with a total order
SELECT id, x FROM a ORDER BY x DESC, id LIMIT 5

-- FETCH WITH TIES
SELECT id, x FROM a ORDER BY x DESC FETCH FIRST 5 ROWS WITH TIES

-- LIMIT without a total order
SELECT k, x FROM c ORDER BY x LIMIT 5

-- CTE
WITH w AS (SELECT k, sum(n) AS n FROM a GROUP BY k) SELECT w.k, w.n, b.s FROM w JOIN b ON b.k = w.k

-- CTE used twice
WITH w AS (SELECT k, count(*) AS n FROM a GROUP BY k) SELECT l.k, r.k AS other FROM w l JOIN w r ON r.n = l.n AND r.k < l.k

-- VALUES
SELECT a.id, v.name FROM a JOIN (VALUES (1, 'one'), (2, 'two')) v (k, name) ON v.k = a.k

-- plain view
SELECT k, count(*) AS c FROM plain GROUP BY k

-- the last days, as time passes
SELECT k, count(*) AS c FROM a WHERE t > now() - interval '10 days' GROUP BY k

-- FILTER on the current time
SELECT k, count(*) FILTER (WHERE t <= current_timestamp) AS c, sum(n) AS n FROM a GROUP BY k

-- clock in the condition of a left join
SELECT b.id, a.id AS other FROM b LEFT JOIN a ON a.k = b.k AND a.t > now() - interval '10 days'

-- calendar up to today
SELECT d, count(a.id) AS c FROM generate_series(current_date - 7, current_date, '1 day') d LEFT JOIN a ON a.t >= d AND a.t < d + interval '1 day' GROUP BY d

-- calendar between the bounds of a table
SELECT d, count(a.id) AS c FROM generate_series((SELECT min(x) FROM a), (SELECT max(x) FROM a)) d LEFT JOIN a ON a.x = d GROUP BY d

-- recursive CTE
WITH RECURSIVE r AS (SELECT id, k FROM a WHERE k = 1 UNION SELECT b.id, b.k FROM r JOIN b ON b.k = r.id) SELECT id, k FROM r

-- volatile function
SELECT id, random() AS r FROM a

-- TABLESAMPLE
SELECT id FROM a TABLESAMPLE SYSTEM (50)

-- current_user
SELECT id FROM a WHERE s <> current_user
