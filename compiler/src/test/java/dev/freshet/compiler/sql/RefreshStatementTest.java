package dev.freshet.compiler.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.compiler.sql.RefreshStatement.Argument;
import dev.freshet.compiler.sql.RefreshStatement.Call;
import dev.freshet.compiler.sql.RefreshStatement.CallAll;
import dev.freshet.compiler.sql.RefreshStatement.Refresh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshStatementTest {
  @Test
  void readsNativeRefreshes() {
    assertThat(RefreshStatement.parse("REFRESH MATERIALIZED VIEW CONCURRENTLY Sales.\"V\" ; -- x"))
        .isEqualTo(new Refresh(new QualifiedName("sales", "V"), true, true));
    assertThat(RefreshStatement.parse("refresh materialized view v with no data"))
        .isEqualTo(new Refresh(QualifiedName.of("v"), false, false));
  }

  @Test
  void readsCalls() {
    Call call = (Call) RefreshStatement.parse("CALL freshet.refresh('s.v', strategy => 'full')");
    assertThat(call.argument("view", 0)).hasValue(new Argument(null, "s.v"));
    assertThat(call.argument("strategy", 1)).hasValue(new Argument("strategy", "full"));
    assertThat(call.argument("sources", 2)).isEmpty();
    assertThat(RefreshStatement.parse("call Freshet.refresh(sources => false, view => NULL)"))
        .isEqualTo(
            new Call(
                java.util.List.of(new Argument("sources", "false"), new Argument("view", null))));
    assertThat(RefreshStatement.parse("CALL freshet.refresh_all()")).isEqualTo(new CallAll());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "SELECT 1 | the statement is not a refresh | 1",
        "CALL refresh('v') | the statement is not a refresh | 6",
        "CALL freshet.drop_everything() | the statement is not a refresh | 6",
        "CALL freshet.refresh(pg_read_file('x')) | an argument must be a constant | 22",
        "CALL freshet.refresh(lower('w')) | an argument must be a constant | 22",
        "REFRESH MATERIALIZED VIEW v; DROP TABLE t | a refresh must be exactly one statement | 30",
        "; | a refresh must be exactly one statement | 1"
      })
  void refusesAnythingElseWithAHint(String text, String message, int character) {
    var problem = Refused.problem(() -> RefreshStatement.parse(text));
    assertThat(problem.sqlState()).isEqualTo("0A000");
    assertThat(problem.message()).isEqualTo(message);
    assertThat(problem.hint())
        .isEqualTo("Write REFRESH MATERIALIZED VIEW view or CALL freshet.refresh('view').");
    assertThat(Refused.character(problem)).isEqualTo(character);
  }
}
