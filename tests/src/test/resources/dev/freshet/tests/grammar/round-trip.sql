-- Queries that are parsed, printed and compared as PostgreSQL understands them. One statement each.

-- select lists
SELECT 1;
SELECT 1 AS one, 'two' two, 3.5 AS "Three", NULL AS nothing;
SELECT * FROM t;
SELECT t.*, u.e FROM t, u;
SELECT public.t.a, t.b, c AS "left" FROM public.t;
SELECT FROM t;
SELECT ALL a FROM t;
SELECT DISTINCT a, b FROM t;
SELECT DISTINCT ON (b, c) b, c, a FROM t ORDER BY b, c, a DESC;
SELECT a AS select, b AS from FROM t;
SELECT a value, b name, c type FROM t;
TABLE u;
TABLE ONLY parent_table;
VALUES (1, 'a'), (2, 'b'), (3, NULL);
VALUES (1), (2) ORDER BY 1 DESC LIMIT 1;

-- names
SELECT "Col A", "select", "ünï", "d.ot", "q""uote", "日本" FROM "Odd; Table";
SELECT o."Col A" AS "A B" FROM "Odd; Table" AS o;
SELECT "Odd; Table"."Col A" FROM "Odd; Table";
SELECT "order", "user", value, name, type, year FROM "left";
SELECT l."order", l.type AS type FROM "left" l;
SELECT U&"d.\006ft" FROM (SELECT 1 AS "d.ot") AS q;
SELECT "A1" FROM (SELECT 2 AS "A1") AS q;
SELECT Ä FROM (SELECT 1 AS "Ä") AS q;
SELECT täglich.größe FROM (SELECT 1 AS größe) AS täglich;

-- constants
SELECT 0, 1., .5, 1.5e10, 1e-5, 12345678901234567890, -1, - 2, +3;
SELECT 'it''s', E'tab\tquote\'s \\ \u00e4 \x41', $$dollar's$$, $q$with $$ inside$q$, U&'d\0061t\+000061', U&'d!0061t' UESCAPE '!';
SELECT 'one'
  'two'
  'three';
SELECT B'1010', X'1FF', b'1', x'a', N'national';
SELECT TRUE, FALSE, NULL, true AND NULL;
SELECT E'a\\b', 'a\b', E'\\''';
SELECT date '2020-01-01', timestamp '2020-01-01 10:00', timestamp with time zone '2020-01-01 10:00+02', time '10:00', time with time zone '10:00+01';
SELECT interval '1 day', interval '1' day, interval '1-2' year to month, interval '10:20' hour to minute, interval(3) '1.23456 seconds', interval '3.5' second(2);
SELECT numeric '1.50', numeric(10, 2) '1.5', char 'abc', varchar(2) 'abc', bit '101', bit varying(5) '101', float8 '1.5', double precision '2.5';
SELECT text 'x', public.address '(Main,1)', mood 'ok', int4range '[1,5)', jsonb '{"a": [1, 2]}', point '(1,2)';

-- operators and their precedence
SELECT a + b * 2 - a / 3 % 2 FROM t;
SELECT (a + b) * 2, a - (b - 1), a - b - 1, a / (b / 2), a / b / 2 FROM t;
SELECT 2 ^ 3 ^ 2, - 2 ^ 2, (- 2) ^ 2, 2 ^ - 1 FROM t;
SELECT - a, - - a, + a, -(-1), @ a, ~ a, |/ f, ||/ f FROM t;
SELECT @ a + b, @ a * b, a + @ b, ~ a & b, ~ a + b & 1, a & ~ b & 1, c || @ a || b, @ a || c || b, @ a < b, a + ~ b & 1, a * b + ~ b & 1, - ~ a & b, a - @ b * a # 1, c LIKE ~ a || '%', - ~ a, ~ - a & b, @#@ a & b, NOT ~ a = b, a * @ b * a, a - @ b - a FROM t;
SELECT flag = NOT flag, flag = NOT a = b, a IS NOT NULL = flag, flag IS DISTINCT FROM a = b, flag AND a IS NULL = flag, NOT a IS NULL AND flag, NOT a BETWEEN 1 AND 2 FROM t;
SELECT a ^ - b ^ 2, - a ^ 2, - a * b, - a || c, - a::int, - a::text::int, a::text COLLATE "C", c COLLATE "C"::text, c::text || a::text, - ts_rank(v, 'a') FROM t;
SELECT a + b || c, c || a * b, a # b - 1, a << 1 + 1, a - b << 1, 2 ^ a * 3, j -> 'a' || '{}', j ->> 'a' || c, j -> 'a' ->> 'b' = c FROM t;
SELECT a || c || b, c || a + b FROM t;
SELECT a & b | 1 # 2 << 1 >> 1 FROM t;
SELECT a & b + 1, a + b & 1, a * b & 1, a < b & 3 FROM t;
SELECT a = b, a <> b, a != b, a < b, a <= b, a > b, a >= b FROM t;
SELECT a = b AND b = 1 OR a > 2 AND NOT b < 3 FROM t;
SELECT NOT a = b, NOT (a = b AND b = 1), NOT NOT flag FROM t;
SELECT a = 1 OR b = 2 OR a = 3, (a = 1 OR b = 2) OR a = 3, a = 1 OR (b = 2 OR a = 3) FROM t;
SELECT a = 1 AND (b = 2 AND (a = 3 OR flag)) FROM t;
SELECT a + 1 = b * 2 AND c || 'x' = 'yx' FROM t;
SELECT a = b IS TRUE, (a = b) IS NOT FALSE, flag IS UNKNOWN, flag IS NOT UNKNOWN FROM t;
SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, a + 1 IS NULL FROM t;
SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b + 1, a + 1 IS DISTINCT FROM b AND flag FROM t;
SELECT a BETWEEN 1 AND 10, a NOT BETWEEN b AND b + 10 AND flag, a BETWEEN SYMMETRIC 10 AND 1, a BETWEEN ASYMMETRIC 1 AND 2 FROM t;
SELECT a BETWEEN 1 AND 2 = flag, a + 1 BETWEEN b - 1 AND b + 1 OR flag FROM t;
SELECT c LIKE 'a%', c NOT LIKE 'a%', c ILIKE 'A%', c NOT ILIKE 'x', c LIKE 'a!%' ESCAPE '!', c NOT LIKE '%\_' ESCAPE E'\\' FROM t;
SELECT c SIMILAR TO '(a|b)%', c NOT SIMILAR TO 'x' ESCAPE '!', c ~ '^a', c ~* 'B', c !~ 'c', c !~* 'd' FROM t;
SELECT c LIKE 'a' || '%', c || 'x' LIKE '%x', c ~~ 'a%', c !~~* 'b%' FROM t;
SELECT c LIKE 'a%' = flag FROM t;
SELECT a OPERATOR(pg_catalog.+) b * 2, a OPERATOR(s.@++) 1, @#@ a, OPERATOR(public.@#@) b FROM t;
SELECT a IN (1, 2, 3), a NOT IN (1, b), a + 1 IN (b) FROM t;
SELECT a FROM t WHERE a IN (1, 2) = flag;
SELECT c COLLATE "C" < 'x', c COLLATE pg_catalog."C" || 'y', (c || 'x') COLLATE "C" FROM t;
SELECT ts AT TIME ZONE 'UTC', tw AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'UTC', ts AT TIME ZONE 'UTC' + interval '1 day', ts AT TIME ZONE interval '1 hour' FROM t;
SELECT a::text, a::text || c, a::numeric(10, 2)::text, '1'::int + 1, -1::int, (- 1)::int, CAST(a AS text), CAST(c AS varchar(3)) FROM t;
SELECT a::int8, f::double precision, ts::timestamp(3) without time zone, ts::time with time zone, c::char, c::char(3), c::character varying(10), bits::bit varying FROM t;
SELECT '{1,2}'::int[], '{{1}}'::int[][], '{1}'::int[3], ARRAY[1]::bigint[], c::text ARRAY, c::pg_catalog.text, i::interval day to second(3) FROM t WHERE c LIKE '{%';
SELECT a::positive, m::text, 'happy'::mood, 'sad'::public.mood FROM t;
SELECT d + 1, d - date '2020-01-01', ts - interval '1 day' * 2, ts + i, now() - ts < interval '1 month' FROM t;
SELECT 1 - -1, 1 - - 1, 1 -1, a-b, a*-b, 2*-1 FROM t;
SELECT 5 - 3 AS x -- a comment with ' and " and ; too
 , /* block /* nested */ ; */ 2 AS y;

-- jsonb, arrays, ranges, composite values
SELECT j -> 'a', j ->> 'a', j #> '{a,b}', j #>> '{a,b}', j @> '{"a": 1}', j <@ '{}', j ? 'a', j ?| ARRAY['a', 'b'], j ?& ARRAY['a'], j - 'a', j #- '{a}', j || '{"b": 2}' FROM t;
SELECT j -> 'a' -> 0 ->> 'b', (j ->> 'a')::int + 1, j @? '$.a[*] ? (@ > 1)', j @@ '$.a > 1' FROM t;
SELECT j['a'], j['a']['b'], (j -> 'x')['y'] FROM t;
SELECT arr[1], arr[1:2], arr[:2], arr[2:], arr[:], grid[1][2], grid[1:2][1:1], (arr || 5)[1], arr[a + 1] FROM t;
SELECT ARRAY[1, 2, a], ARRAY[[1, 2], [3, 4]], ARRAY[ARRAY[1], ARRAY[2]], ARRAY[]::int[], ARRAY['a', NULL] FROM t;
SELECT ARRAY(SELECT u.a FROM u ORDER BY 1), ARRAY((SELECT 1)) FROM t;
SELECT arr @> ARRAY[1], arr && '{2}', 1 = ANY (arr), 1 <> ALL (arr), c = ANY ('{a,b}'), a = SOME (arr), c LIKE ANY (ARRAY['a%', 'b%']), c NOT LIKE ALL (ARRAY['x']), 1 = ANY (arr) AND flag = ANY (ARRAY[true]) = flag, a + 1 > ALL (arr || 5) FROM t;
SELECT (home).street, (t.home).zip, (ROW('x', 1)::address).zip FROM t;
SELECT (home).*, (t.home).street AS again FROM t;
SELECT ROW(1, 'a')::text, ROW()::text, ROW(a)::text, (a, b)::text, ROW(t.*)::text, (a, (b, c))::text FROM t;
SELECT (a, b) = (1, 2), (a, b) < (b, a), ROW(a, b) IS NULL, (a, b) IS NOT NULL, (a, b) IS DISTINCT FROM (1, 2) FROM t;
SELECT (a, b) IN ((1, 2), (3, 4)), (a, b) NOT IN (SELECT u.a, u.b FROM u), (a, b) = (SELECT 1, 2) FROM t;
SELECT r @> 5, r && int4range(1, 10), lower(r), r * '[2,3]', r -|- '[6,7)' FROM t;
SELECT (d, d + 1) OVERLAPS (date '2020-01-01', interval '1 day'), (ts, ts) OVERLAPS (ts, i) AND flag FROM t;
SELECT t FROM t;
SELECT q.t, (q.t).a FROM (SELECT t FROM t) AS q;
SELECT p[0], p <-> point '(0,0)', net <<= '10.0.0.0/8', u::text, by || '\x00'::bytea FROM t;
SELECT v @@ to_tsquery('simple', 'a & b'), ts_rank(v, 'a'::tsquery) FROM t;

-- functions and special syntax
SELECT length(c), upper(lower(c)), pg_catalog.length(c), "left"(c, 1), left(c, 2), right(c, 3), coalesce(c, 'x', NULL), nullif(a, b), greatest(a, b, 1), least(a, b) FROM t;
SELECT s.twice(a), s.twice(x => a, y => 3), s.twice(a, y := 4), s.total(1, 2, 3), s.total(VARIADIC arr), s.total(VARIADIC xs => arr) FROM t;
SELECT EXTRACT(year FROM d), EXTRACT('month' FROM ts), extract(epoch FROM ts - now()), extract(day FROM d + 1) + 1, date_part('hour', ts) FROM t;
SELECT TRIM(c), TRIM(BOTH FROM c), TRIM(BOTH 'x' FROM c), TRIM(LEADING c || 'x' FROM c || 'y'), TRIM(TRAILING FROM c), trim('x' FROM c), trim(c, 'y'), TRIM(FROM c), btrim(c) FROM t;
SELECT SUBSTRING(c FROM 2), SUBSTRING(c FROM 2 FOR 3), SUBSTRING(c FOR 3), substring(c, 2, 3), SUBSTRING(c FROM 'a.'), SUBSTRING(c SIMILAR 'a#"b#"' ESCAPE '#'), substring(c FROM a + 1 FOR b) FROM t;
SELECT POSITION('x' IN c), POSITION(c || 'y' IN c), OVERLAY(c PLACING 'z' FROM 2), OVERLAY(c PLACING 'z' FROM 2 FOR a + 1), COLLATION FOR (c), collation for (c || 'x') FROM t;
SELECT CURRENT_DATE, CURRENT_TIME, CURRENT_TIME(2), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(3), LOCALTIME, LOCALTIME(0), LOCALTIMESTAMP, LOCALTIMESTAMP(1);
SELECT CURRENT_USER, CURRENT_ROLE, SESSION_USER, USER, CURRENT_CATALOG, CURRENT_SCHEMA, current_schema(), current_database(), CURRENT_DATE - 1 AS yesterday;
SELECT CASE WHEN a > 0 THEN 'p' WHEN a < 0 THEN 'n' ELSE 'z' END, CASE a WHEN 1 THEN 'one' WHEN 1 + 1 THEN 'two' END, CASE WHEN flag THEN CASE b WHEN 1 THEN 2 END ELSE 3 END FROM t;
SELECT CASE WHEN a IS NULL THEN b ELSE a END + 1, CASE a + 1 WHEN b THEN NULL ELSE c END::text FROM t;
SELECT (SELECT max(u.a) FROM u), (SELECT u.c FROM u WHERE u.a = t.a LIMIT 1) || 'x', ((SELECT 1)) FROM t;
SELECT generate_series(1, a), unnest(arr) FROM t;
SELECT XMLELEMENT(NAME foo, XMLATTRIBUTES(a AS id, c), b, 'text'), XMLFOREST(a, b AS "B"), XMLCONCAT(x, x), XMLPI(NAME php, 'echo'), XMLROOT(x, VERSION '1.0', STANDALONE YES), x IS DOCUMENT, XMLEXISTS('//a' PASSING BY REF x) FROM t;
SELECT json_build_object('a', a, 'b', jsonb_build_array(b, c)), jsonb_path_query_first(j, '$.a'), to_jsonb(t), row_to_json(t.*) FROM t;
SELECT format('%s-%I', a, c), regexp_replace(c, 'a', 'b', 'g'), string_to_array(c, ','), md5(c), encode(by, 'hex'), to_char(ts, 'YYYY-MM-DD') FROM t;
SELECT max(a), min(b), avg(n), stddev_pop(f), bool_and(flag), bit_or(a), corr(f, a) FROM t;
SELECT 1 AS a WHERE EXISTS (SELECT 1 FROM t) AND NOT EXISTS (SELECT FROM u WHERE u.a > 5);

-- aggregates and grouping
SELECT count(*), count(a), count(DISTINCT b), count(ALL c), sum(a + b), sum(DISTINCT a) FROM t;
SELECT string_agg(c, ', ' ORDER BY a DESC NULLS LAST, b), array_agg(DISTINCT c ORDER BY c), json_agg(t ORDER BY a), string_agg(DISTINCT c, ',' ORDER BY c) FROM t;
SELECT count(*) FILTER (WHERE a > 1 AND flag), sum(a) FILTER (WHERE b IS NULL) FROM t;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY f), percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY a DESC), mode() WITHIN GROUP (ORDER BY c) FILTER (WHERE c <> ''), rank(5) WITHIN GROUP (ORDER BY a) FROM t;
SELECT b, count(*) FROM t GROUP BY b HAVING count(*) > 1 AND max(a) < 10 ORDER BY 2 DESC, 1;
SELECT b % 2 AS parity, c, count(*) FROM t GROUP BY 1, c;
SELECT b % 2 AS parity, count(*) FROM t GROUP BY parity;
SELECT date_trunc('month', ts) AS month, c, count(DISTINCT a) AS n, sum(n) / 100.0 AS total FROM t WHERE m = 'ok' GROUP BY 1, 2 ORDER BY 1 DESC, 2;
SELECT a, b, sum(n) FROM t GROUP BY (a, b);
SELECT b, c, GROUPING(b, c), count(*) FROM t GROUP BY ROLLUP (b, c);
SELECT b, c, count(*) FROM t GROUP BY CUBE (b, (c, a)), a;
SELECT b, c, count(*) FROM t GROUP BY GROUPING SETS ((b, c), (b), c, ());
SELECT b, c, count(*) FROM t GROUP BY GROUPING SETS (ROLLUP (b, c), CUBE (c), GROUPING SETS ((b), ())), a;
SELECT count(*) FROM t GROUP BY ();
SELECT b + 1, count(*) FROM t GROUP BY b + 1, ROLLUP (a % 2, lower(c)), ();
SELECT 1 FROM t HAVING count(*) > 0;
SELECT DISTINCT b, count(*) OVER () FROM t GROUP BY b;

-- windows
SELECT row_number() OVER (), rank() OVER (ORDER BY a), sum(a) OVER (PARTITION BY b, c ORDER BY a DESC NULLS LAST) FROM t;
SELECT lag(a, 1, 0) OVER w, first_value(c) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), sum(n) OVER (w2 ORDER BY a) FROM t WINDOW w AS (PARTITION BY b ORDER BY a), w2 AS (PARTITION BY c);
SELECT sum(a) OVER (ORDER BY a ROWS UNBOUNDED PRECEDING), sum(a) OVER (ORDER BY a ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), sum(a) OVER (ORDER BY a ROWS BETWEEN 2 PRECEDING AND 1 + 1 FOLLOWING EXCLUDE CURRENT ROW) FROM t;
SELECT avg(f) OVER (ORDER BY d RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW), count(*) OVER (ORDER BY b GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES), count(*) OVER (ORDER BY b GROUPS 1 PRECEDING EXCLUDE GROUP), count(*) OVER (ORDER BY b RANGE CURRENT ROW EXCLUDE NO OTHERS) FROM t;
SELECT sum(a) FILTER (WHERE flag) OVER (PARTITION BY b), sum(sum(a)) OVER (ORDER BY b), ntile(4) OVER (ORDER BY b + 1 USING >) FROM t GROUP BY a, b, flag;

-- joins
SELECT t.a FROM t JOIN u ON t.a = u.a;
SELECT t.a FROM t INNER JOIN u ON t.a = u.a AND t.b = u.b LEFT JOIN s.t AS st ON st.a = t.a RIGHT OUTER JOIN "left" l ON l."order" = t.a;
SELECT u.e FROM t FULL OUTER JOIN u USING (a, b);
SELECT * FROM t NATURAL JOIN u;
SELECT * FROM t NATURAL LEFT JOIN u;
SELECT t.a, u.b FROM t CROSS JOIN u;
SELECT t.a FROM t JOIN u JOIN s.t AS st ON u.a = st.a ON t.a = u.a;
SELECT t.a FROM t JOIN (u JOIN s.t AS st ON u.a = st.a) ON t.a = u.a;
SELECT t.a FROM (t LEFT JOIN u ON t.a = u.a) LEFT JOIN s.t AS st ON st.a = t.a;
SELECT st.b FROM (u LEFT JOIN "left" ON u.a = "order") LEFT JOIN s.t AS st USING (b);
SELECT j.a1, j.b1 FROM (t JOIN u ON t.a = u.a) AS j (a1, b1);
SELECT j.e FROM ((t CROSS JOIN u)) j (a, b, c, d, ts, tw, n, f, j, js, arr, grid, home, m, flag, i, bits, r, v, x, u, by, net, p, ua, ub, uc, e);
SELECT x.a, y.a FROM t x, t y, u WHERE x.a = y.b AND u.a = x.a;
SELECT t.a, z.n FROM t, LATERAL (SELECT count(*) AS n FROM u WHERE u.a = t.a) AS z;
SELECT t.a, z.n FROM t LEFT JOIN LATERAL (SELECT u.b AS n FROM u WHERE u.a = t.a ORDER BY 1 LIMIT 1) z ON true;
SELECT q.k FROM (SELECT a AS k FROM t) q;
SELECT q.k, q.l FROM (SELECT a, b FROM t) AS q (k, l);
SELECT v.id, v.label FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, label) WHERE v.id > 1;
SELECT a FROM ONLY parent_table;
SELECT a FROM parent_table *;
SELECT a FROM ONLY parent_table AS p WHERE p.a > 1;
SELECT a FROM t TABLESAMPLE bernoulli (10.5);
SELECT x.a FROM t AS x TABLESAMPLE system (50) REPEATABLE (42);

-- functions in FROM
SELECT * FROM generate_series(1, 10);
SELECT g FROM generate_series(1, 10) g;
SELECT g.i FROM generate_series(1, 10, 2) AS g (i);
SELECT x, n FROM unnest(ARRAY['a', 'b']) WITH ORDINALITY AS q (x, n);
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b']) AS q (i, s);
SELECT t.a, e.value FROM t, jsonb_array_elements(t.j -> 'items') AS e (value);
SELECT t.a, k.key FROM t CROSS JOIN LATERAL jsonb_each(t.j) AS k;
SELECT q.a, q.c FROM s.rows(1) AS q (a int, c text);
SELECT * FROM s.rows(1) AS (a int, c text);
SELECT street FROM s.addresses();
SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 2)) AS q (x, y);
SELECT * FROM ROWS FROM (s.rows(1) AS (a int, c text), unnest(ARRAY[1])) WITH ORDINALITY AS q;
SELECT * FROM ROWS FROM (generate_series(1, 3)) AS q;
SELECT e.item FROM t LEFT JOIN LATERAL unnest(t.arr) AS e (item) ON e.item > 1;
SELECT d FROM current_date AS d;
SELECT k FROM json_object_keys('{"a": 1}') AS k;
SELECT q.* FROM json_to_recordset('[{"a": 1}]') AS q (a int, b text[], c numeric(5, 2));
SELECT q.id FROM t, XMLTABLE('/r/x' PASSING t.x COLUMNS id int PATH '@id' NOT NULL, o FOR ORDINALITY, label text DEFAULT 'none') AS q;
SELECT q.id FROM t, XMLTABLE(XMLNAMESPACES('http://x' AS y), '/y:r' PASSING BY REF t.x COLUMNS id text PATH '.') AS q;

-- subqueries
SELECT a FROM t WHERE b IN (SELECT b FROM u);
SELECT a FROM t WHERE b NOT IN (SELECT b FROM u WHERE u.a = t.a) OR b IN ((SELECT 1));
SELECT a FROM t WHERE a > ALL (SELECT u.a FROM u) AND b = ANY (SELECT u.b FROM u) AND a < SOME ((SELECT 5));
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a AND EXISTS (SELECT 1 FROM s.t AS st WHERE st.b = u.b));
SELECT a FROM t WHERE c LIKE ANY (SELECT u.c FROM u) AND (a, b) = ANY (SELECT u.a, u.b FROM u);
SELECT a, (SELECT count(*) FROM u WHERE u.a = t.a) + 1 AS n FROM t WHERE (SELECT true);
SELECT (SELECT ROW(u.a, u.b) FROM u LIMIT 1) = ROW(1, 2), (SELECT home FROM t LIMIT 1).street FROM t;
SELECT q.a FROM (SELECT a FROM (SELECT a FROM t WHERE a > 1) AS x WHERE a > 2) AS q WHERE a > 3;
SELECT q.a FROM (TABLE u) AS q;
SELECT q.column1 FROM (VALUES (1), (2)) AS q;
SELECT a FROM t WHERE a = (SELECT max(a) FROM t) ORDER BY (SELECT 1), a;

-- set operations
SELECT a FROM t UNION SELECT a FROM u;
SELECT a FROM t UNION ALL SELECT a FROM u UNION SELECT 3;
SELECT a FROM t UNION SELECT a FROM u INTERSECT SELECT b FROM u;
(SELECT a FROM t UNION SELECT a FROM u) INTERSECT SELECT b FROM u;
SELECT 1 INTERSECT SELECT 2 UNION ALL SELECT 3 EXCEPT SELECT 4 INTERSECT ALL SELECT 5;
SELECT a FROM t EXCEPT ALL SELECT a FROM u EXCEPT SELECT 3;
SELECT a FROM t EXCEPT (SELECT a FROM u EXCEPT SELECT 3);
(SELECT a FROM t ORDER BY b LIMIT 1) UNION ALL (SELECT a FROM u ORDER BY b DESC LIMIT 2) ORDER BY 1 LIMIT 3;
SELECT a, c FROM t UNION SELECT a, c FROM u ORDER BY c DESC NULLS LAST, 1;
VALUES (1, 'x') UNION ALL SELECT a, c FROM t;
TABLE s.t UNION TABLE s.t;
((SELECT 1)) UNION ((SELECT 2) UNION ALL (SELECT 3));
(SELECT a FROM t) ORDER BY a LIMIT 5;
((SELECT a FROM t LIMIT 5)) ORDER BY a;
SELECT a FROM t WHERE a IN (SELECT a FROM u UNION SELECT b FROM u) OR a IN ((SELECT 1) UNION (SELECT 2));
SELECT q.a FROM ((SELECT a FROM t) UNION (SELECT a FROM u)) AS q;

-- WITH
WITH x AS (SELECT a FROM t) SELECT x.a FROM x;
WITH x AS (SELECT a FROM t), y (k) AS (SELECT a + 1 FROM x) SELECT x.a, y.k FROM x JOIN y ON x.a = y.k;
WITH x AS MATERIALIZED (SELECT a FROM t), y AS NOT MATERIALIZED (SELECT a FROM u) SELECT x.a FROM x, y;
WITH RECURSIVE r (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT n FROM r;
WITH RECURSIVE tree AS (SELECT a, parent, 1 AS depth FROM u WHERE parent IS NULL UNION ALL SELECT u.a, u.parent, tree.depth + 1 FROM u JOIN tree ON u.parent = tree.a) SELECT * FROM tree ORDER BY depth;
WITH RECURSIVE g AS (SELECT a, parent FROM u UNION ALL SELECT u.a, u.parent FROM u, g WHERE u.parent = g.a) SEARCH DEPTH FIRST BY a SET ordering SELECT a FROM g ORDER BY ordering;
WITH RECURSIVE g AS (SELECT a, parent FROM u UNION ALL SELECT u.a, u.parent FROM u, g WHERE u.parent = g.a) SEARCH BREADTH FIRST BY a, parent SET o CYCLE a, parent SET looped TO 1 DEFAULT 0 USING path SELECT a, looped FROM g;
WITH RECURSIVE g AS (SELECT a, parent FROM u UNION SELECT u.a, u.parent FROM u, g WHERE u.parent = g.a) CYCLE a SET looped USING path SELECT a FROM g;
WITH t AS (SELECT 1 AS a) SELECT a FROM t UNION SELECT a FROM public.t;
SELECT q.a FROM (WITH x AS (SELECT a FROM t) SELECT a FROM x) AS q;
SELECT a FROM t WHERE a IN (WITH x AS (SELECT a FROM u) SELECT a FROM x);
WITH a AS (SELECT 1 AS x), b AS (WITH c AS (SELECT x FROM a) SELECT x FROM c) (SELECT x FROM a) UNION (SELECT x FROM b) ORDER BY 1;
WITH x AS (VALUES (1, 'a')) TABLE x;

-- ORDER BY, LIMIT, OFFSET
SELECT a FROM t ORDER BY a ASC NULLS FIRST, b DESC NULLS LAST, c USING <, d USING OPERATOR(pg_catalog.>), a + b;
SELECT a FROM t ORDER BY b LIMIT 10 OFFSET 5;
SELECT a FROM t ORDER BY b OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY;
SELECT a FROM t ORDER BY b FETCH FIRST ROW ONLY;
SELECT a FROM t ORDER BY b FETCH FIRST 3 ROWS WITH TIES;
SELECT a FROM t ORDER BY b OFFSET 2 FETCH FIRST (1 + 1) ROWS WITH TIES;
SELECT a FROM t LIMIT ALL;
SELECT a FROM t LIMIT NULL OFFSET 3;
SELECT a FROM t LIMIT (SELECT count(*) FROM u) / 2 OFFSET 1 + 1;
SELECT a AS b, b AS a FROM t ORDER BY a;
SELECT c FROM t ORDER BY c COLLATE "C" DESC, lower(c), 1;

-- texts of users
SELECT DATE_TRUNC('month', o.ts) AS month, p.g, COUNT(DISTINCT o.a) AS order_count, SUM(o.n) / 100.0 AS revenue, AVG(o.n) / 100.0 AS avg_order_value FROM t o JOIN u oi ON oi.a = o.a JOIN s.t p ON p.a = oi.b WHERE o.c = 'completed' GROUP BY 1, 2 ORDER BY 1 DESC, 2;
select date_trunc('week', ts)::date as week, count(*) filter (where flag) as yes, round(100.0 * count(*) filter (where flag) / nullif(count(*), 0), 2) as share from t where ts >= now() - interval '90 days' and c is not null group by 1;
select u.e, coalesce(sum(case when t.m = 'happy' then t.n else 0 end), 0)::numeric(12, 2) as total, max(t.ts) as latest from u left join t on t.a = u.a and t.ts between '2020-01-01' and '2021-01-01' group by u.e having sum(t.n) > 100 order by total desc nulls last limit 100;
with ranked as (select t.*, row_number() over (partition by b order by ts desc) as rn from t) select a, b, ts from ranked where rn = 1;
select g.d::date as day, count(t.a) as n from generate_series('2020-01-01'::date, '2020-12-31'::date, '1 day'::interval) as g(d) left join t on t.d = g.d::date group by g.d order by g.d;
