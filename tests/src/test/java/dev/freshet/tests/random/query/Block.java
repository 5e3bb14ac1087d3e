package dev.freshet.tests.random.query;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A SELECT that is being put together. Clauses are added to the same SELECT as long as its stage
/// allows that.
///
/// @param with common table expressions
/// @param head what stands between SELECT and the columns, such as DISTINCT
/// @param tail what follows, such as LIMIT; for a set operation the whole text
record Block(
    Stage stage,
    List<String> with,
    List<Output> outputs,
    String from,
    List<String> where,
    String group,
    List<String> having,
    String head,
    String tail) {

  /// What the SELECT contains so far.
  enum Stage {
    FROM,
    WHERE,
    /// Columns that are computed from one row of FROM.
    PROJECTED,
    GROUPED,
    /// Columns that are more than an expression over one row or group.
    COMPUTED,
    /// DISTINCT, LIMIT, a set operation.
    FINISHED
  }

  static Block from(List<String> with, String from, List<Output> outputs) {
    return new Block(Stage.FROM, with, outputs, from, List.of(), "", List.of(), "", "");
  }

  static Block setOperation(String text, List<Output> outputs) {
    return new Block(Stage.FINISHED, List.of(), outputs, "", List.of(), "", List.of(), "", text);
  }

  boolean isGrouped() {
    return stage == Stage.GROUPED || !group.isEmpty();
  }

  Block filtered(String condition) {
    return new Block(
        Stage.WHERE, with, outputs, from, added(where, condition), group, having, head, tail);
  }

  Block having(String condition) {
    return new Block(
        stage, with, outputs, from, where, group, added(having, condition), head, tail);
  }

  Block grouped(String keys, List<Output> newOutputs) {
    return new Block(Stage.GROUPED, with, newOutputs, from, where, keys, having, head, tail);
  }

  Block with(Stage newStage, List<Output> newOutputs) {
    return new Block(newStage, with, newOutputs, from, where, group, having, head, tail);
  }

  Block finished(String newHead, String newTail) {
    return new Block(Stage.FINISHED, with, outputs, from, where, group, having, newHead, newTail);
  }

  /// The text, with columns named `c1`, `c2` and so on.
  String sql() {
    String ctes = with.isEmpty() ? "" : "WITH " + String.join(", ", with) + " ";
    if (from.isEmpty()) {
      return ctes + tail;
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      columns.add(outputs.get(i).sql() + " AS c" + (i + 1));
    }
    return ctes
        + "SELECT "
        + head
        + String.join(", ", columns)
        + " FROM "
        + from
        + clause(" WHERE ", where)
        + (group.isEmpty() ? "" : " GROUP BY " + group)
        + clause(" HAVING ", having)
        + tail;
  }

  /// The columns as they are called in the text, under an alias.
  List<Output> outputsOf(String alias) {
    List<Output> named = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      String name = "c" + (i + 1);
      named.add(outputs.get(i).as(alias + "." + name, name));
    }
    return named;
  }

  private static String clause(String keyword, List<String> conditions) {
    return conditions.isEmpty()
        ? ""
        : conditions.stream().collect(Collectors.joining(" AND ", keyword, ""));
  }

  private static List<String> added(List<String> list, String more) {
    List<String> all = new ArrayList<>(list);
    all.add(more);
    return all;
  }
}
