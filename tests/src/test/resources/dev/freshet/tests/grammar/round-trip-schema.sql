CREATE TYPE address AS (street text, zip int);
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE TABLE t (
  a int PRIMARY KEY, b int, c text, d date, ts timestamptz, tw timestamp, n numeric(10, 2), f float8,
  j jsonb, js json, arr int[], grid int[][], home address, m mood, flag boolean, i interval, bits bit(4),
  r int4range, v tsvector, x xml, u uuid, by bytea, net inet, p point
);
CREATE TABLE u (a int, b int, c text, e text, parent int);
CREATE TABLE "Odd; Table" ("Col A" int, "select" text, "ünï" text, "d.ot" int, "q""uote" int, "日本" text);
CREATE TABLE "left" ("order" int, "user" text, value int, name text, type text, year int);
CREATE SCHEMA s;
CREATE TABLE s.t (a int, b int, g text);
CREATE TABLE parent_table (a int);
CREATE TABLE child_table () INHERITS (parent_table);
CREATE FUNCTION s.twice(x int, y int DEFAULT 2) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT x * y';
CREATE FUNCTION s.total(VARIADIC xs int[]) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT sum(x) FROM unnest(xs) AS x';
CREATE FUNCTION s.rows(k int) RETURNS SETOF record STABLE LANGUAGE sql AS 'SELECT a, c FROM public.t WHERE b = k';
CREATE FUNCTION s.addresses() RETURNS SETOF address STABLE LANGUAGE sql AS 'SELECT (home).* FROM public.t';
CREATE OPERATOR s.@++ (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int);
CREATE OPERATOR @#@ (FUNCTION = int4abs, RIGHTARG = int);
