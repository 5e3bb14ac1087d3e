INSERT INTO a (id, k, x, n, f, s) VALUES (101, 1, 3, 2.5, 0.125, 's1'), (102, 9, 2, -1, 'NaN', NULL); INSERT INTO c VALUES (9, 1), (1, 1), (1, 1); INSERT INTO p VALUES (7, 3), (150, 3);

DELETE FROM a WHERE k = 2; DELETE FROM b WHERE k = 2; DELETE FROM c WHERE k = 2; UPDATE p SET day = day + 30 WHERE v = 2;

UPDATE a SET k = k + 1, n = n * 2 WHERE id % 4 = 0; UPDATE b SET x = x + 1, s = 's0' WHERE id % 5 = 0; UPDATE c SET x = 2 WHERE k = 1;

INSERT INTO b SELECT n, 9, n, 's1' FROM generate_series(201, 204) n; DELETE FROM a WHERE id IN (5, 10, 101); DELETE FROM c; INSERT INTO c VALUES (NULL, NULL), (3, 1);

UPDATE a SET s = 's9', t = now(), x = x - 1 WHERE id < 20; DELETE FROM b; INSERT INTO b VALUES (1, 1, 1, 's1'), (2, NULL, 2, 's2'); DELETE FROM p WHERE day > 60;
