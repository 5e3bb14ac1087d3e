package dev.freshet.tests.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.compiler.CompileException;
import dev.freshet.tests.server.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random chains of operators without parentheses are read as PostgreSQL reads them, and refused
/// where it refuses them. All operators are defined for booleans, so that types never object.
class PrecedenceTest {
  private static final long SEED = 20240229;
  private static final int CHAINS = 600;

  private static final List<String> INFIX =
      List.of("+", "-", "*", "/", "%", "^", "&", "||", "->", "<<");
  private static final List<String> PREFIX = List.of("+", "-", "~", "@");
  private static final List<String> OTHER_INFIX =
      List.of(
          "=",
          "<",
          ">=",
          "<>",
          "AND",
          "OR",
          "LIKE",
          "NOT LIKE",
          "ILIKE",
          "IS DISTINCT FROM",
          "IS NOT DISTINCT FROM",
          "OPERATOR(public.+)",
          "OPERATOR(pg_catalog.=)");
  private static final List<String> POSTFIX =
      List.of(
          "IS NULL",
          "IS NOT TRUE",
          "ISNULL",
          "NOTNULL",
          "IN (p, q)",
          "NOT IN (p)",
          "::boolean",
          "BETWEEN p AND q",
          "NOT BETWEEN SYMMETRIC p AND q + r");

  static List<Integer> majors() {
    return TestServer.majors();
  }

  @ParameterizedTest
  @MethodSource("majors")
  void chainsOfOperatorsAreReadAsPostgresReadsThem(int major) throws SQLException {
    Random random = new Random(SEED);
    int read = 0;
    int refused = 0;
    try (Judge judge = new Judge(major, schema())) {
      for (int i = 0; i < CHAINS; i++) {
        String query = "SELECT " + chain(random) + " FROM b";
        if (isReadAlike(judge, query)) {
          read++;
        } else {
          refused++;
        }
      }
    }
    assertThat(read).as("chains that PostgreSQL accepts").isGreaterThan(CHAINS / 3);
    assertThat(refused).as("chains that PostgreSQL refuses").isGreaterThan(CHAINS / 20);
  }

  /// Whether PostgreSQL reads the query; in either case the compiler must agree.
  private static boolean isReadAlike(Judge judge, String query) throws SQLException {
    try {
      judge.columnNames(query);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(query + ": " + e.getMessage()).isEqualTo("42601");
      assertThat(isRefused(query)).as(query).isTrue();
      return false;
    }
    assertThat(judge.tree(Judge.printed(query))).as(query).isEqualTo(judge.tree(query));
    return true;
  }

  private static boolean isRefused(String query) {
    try {
      Judge.printed(query);
      return false;
    } catch (CompileException e) {
      return true;
    }
  }

  private static String chain(Random random) {
    StringBuilder chain = new StringBuilder(operand(random));
    int links = 1 + random.nextInt(5);
    for (int i = 0; i < links; i++) {
      switch (random.nextInt(4)) {
        case 0 -> chain.append(' ').append(one(POSTFIX, random));
        case 1 ->
            chain.append(' ').append(one(OTHER_INFIX, random)).append(' ').append(operand(random));
        default -> chain.append(' ').append(one(INFIX, random)).append(' ').append(operand(random));
      }
    }
    return chain.toString();
  }

  private static String operand(Random random) {
    String column = one(List.of("p", "q", "r", "(p = q)", "(r = ANY (ARRAY[p, q]))"), random);
    return switch (random.nextInt(6)) {
      case 0 -> one(PREFIX, random) + " " + column;
      case 1 -> one(PREFIX, random) + " " + one(PREFIX, random) + " " + column;
      case 2 -> random.nextBoolean() ? "NOT " + column : column;
      default -> column;
    };
  }

  private static String one(List<String> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static String schema() {
    String functions =
        """
        CREATE TABLE b (p boolean, q boolean, r boolean);
        CREATE FUNCTION two(boolean, boolean) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 <> $2';
        CREATE FUNCTION one(boolean) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 IS TRUE';
        """;
    Stream<String> infix =
        Stream.concat(INFIX.stream(), Stream.of("~~", "!~~", "~~*"))
            .map(o ->
                "CREATE OPERATOR "
                    + o
                    + " (FUNCTION = two, LEFTARG = boolean, RIGHTARG = boolean);");
    Stream<String> prefix =
        PREFIX.stream().map(o -> "CREATE OPERATOR " + o + " (FUNCTION = one, RIGHTARG = boolean);");
    return functions + Stream.concat(infix, prefix).collect(Collectors.joining("\n"));
  }
}
