package dev.freshet.compiler.simplify;

import dev.freshet.compiler.Schema;
import dev.freshet.compiler.Schema.Trait;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Aggregate;
import dev.freshet.compiler.algebra.Relation.Combine;
import dev.freshet.compiler.algebra.Relation.First;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Match;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.Relation.Union;
import dev.freshet.compiler.algebra.Relation.Window;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.Subexpressions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes one join of a join whose inputs are joins themselves.
///
/// Before: `Select q.x > 1 (q: Select a.x * 2 AS x (a: Scan t))`. After: `Select a.x * 2 > 1 (a:
/// Scan t)`.
public final class MergedSelects {
  private final Schema schema;

  private MergedSelects(Schema schema) {
    this.schema = schema;
  }

  public static Relation merge(Relation relation, Schema schema) {
    return new MergedSelects(schema).merge(relation);
  }

  private Relation merge(Relation relation) {
    return switch (relation) {
      case Relation.Scan scan -> scan;
      case Relation.Clock clock -> clock;
      case Relation.Rows rows -> rows;
      case Relation.Constants constants -> constants;
      case Select select -> merge(select);
      case Match(var kind, Input left, Input right, var conditions, var outputs) ->
          new Match(kind, merge(left), merge(right), conditions, outputs);
      case Union(var inputs, var columns) -> new Union(all(inputs), columns);
      case Aggregate(Relation input, var keys, var outputs) ->
          new Aggregate(merge(input), keys, outputs);
      case Window(Relation input, var keys, var equal, var outputs) ->
          new Window(merge(input), keys, equal, outputs);
      case First(Relation input, var keys, var order, var top) ->
          new First(merge(input), keys, order, top);
      case Combine(var operator, boolean every, var inputs) ->
          new Combine(operator, every, all(inputs));
    };
  }

  private Input merge(Input input) {
    return new Input(input.alias(), merge(input.relation()));
  }

  private List<Relation> all(List<Relation> relations) {
    return relations.stream().map(this::merge).toList();
  }

  private Select merge(Select select) {
    List<Input> inputs = new ArrayList<>();
    List<Expression> conditions = new ArrayList<>();
    Map<List<String>, Expression> values = new HashMap<>();
    for (Input input : select.inputs()) {
      Relation relation = merge(input.relation());
      if (relation instanceof Select inner && !inner.inputs().isEmpty() && !returnsSets(inner)) {
        inputs.addAll(inner.inputs());
        conditions.addAll(inner.conditions());
        inner
            .outputs()
            .forEach(output ->
                values.put(List.of(input.alias(), output.column().name()), output.value()));
      } else {
        inputs.add(new Input(input.alias(), relation));
      }
    }
    select.conditions().forEach(condition -> conditions.add(replaced(condition, values)));
    return new Select(
        inputs.stream()
            .map(input -> new Input(input.alias(), replaced(input.relation(), values)))
            .sorted(Comparator.comparing(i -> !(i.relation() instanceof Relation.Clock)))
            .toList(),
        conditions,
        select.outputs().stream()
            .map(output -> new Output(output.column(), replaced(output.value(), values)))
            .toList());
  }

  /// A function in FROM can use the columns of inputs before it.
  private static Relation replaced(Relation relation, Map<List<String>, Expression> values) {
    return relation instanceof Relation.Rows rows
        ? rows.with(call -> replaced(call, values))
        : relation;
  }

  private static Expression replaced(Expression expression, Map<List<String>, Expression> values) {
    return Subexpressions.replace(
        expression,
        part ->
            part instanceof Expression.Column column
                ? Optional.ofNullable(values.get(column.path())).orElse(part)
                : null);
  }

  private boolean returnsSets(Select select) {
    return select.outputs().stream()
        .anyMatch(output ->
            Subexpressions.anyMatch(
                output.value(),
                part ->
                    part instanceof Expression.Call call
                        && schema.function(call.function()).has(Trait.SET_RETURNING)));
  }
}
