package dev.freshet.compiler.emit;

import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation;
import dev.freshet.compiler.algebra.Relation.Column;
import dev.freshet.compiler.algebra.Relation.Constants;
import dev.freshet.compiler.algebra.Relation.Input;
import dev.freshet.compiler.algebra.Relation.Output;
import dev.freshet.compiler.algebra.Relation.Rows;
import dev.freshet.compiler.algebra.Relation.Scan;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Writes an input as it is now so that only rows are computed that can have partners.
///
/// PostgreSQL pushes no join condition into a query that groups.
final class InputSql {
  private InputSql() {}

  /// Whether PostgreSQL computes a relation as a query of its own.
  static boolean isDerived(Relation relation) {
    return switch (relation) {
      case Scan scan -> false;
      case Relation.Clock clock -> false;
      case Constants constants -> false;
      case Rows rows -> true;
      case Select select -> select.inputs().stream().anyMatch(i -> isDerived(i.relation()));
      case Relation.Match match -> true;
      case Relation.Union union -> union.inputs().stream().anyMatch(InputSql::isDerived);
      case Relation.Keyed keyed -> true;
    };
  }

  /// The input as an item of FROM, without rows that can have no partners.
  ///
  /// @param conditions that a row and its partners fulfil
  /// @param known inputs that hold all possible partners; of the first few are expected
  static String now(Input input, List<Expression> conditions, List<Input> known) {
    return RelationSql.item(narrowed(input, conditions, known));
  }

  /// The input without rows that can have no partners, where PostgreSQL would compute them.
  static Input narrowed(Input input, List<Expression> conditions, List<Input> known) {
    if (input.relation() instanceof Rows || !isDerived(input.relation())) {
      return input;
    }
    List<Input> first = known.subList(0, 1);
    Relation byFirst = narrowedBy(input, conditions, first);
    if (!byFirst.equals(input.relation())) {
      return new Input(input.alias(), byFirst);
    }
    List<Input> joined = connected(known, conditions);
    return new Input(input.alias(), narrowedBy(input, conditions, joined));
  }

  private static Relation narrowedBy(Input input, List<Expression> conditions, List<Input> known) {
    List<Equality> equalities =
        Equality.of(conditions, input.alias()).filter(e -> uses(e.other(), known)).toList();
    if (equalities.isEmpty()) {
      return input.relation();
    }
    List<Output> outputs = new ArrayList<>();
    List<Narrowed.Pair> pairs = new ArrayList<>();
    for (Equality equality : equalities) {
      String key = "k" + (outputs.size() + 1);
      outputs.add(new Output(new Column(key, false), equality.other()));
      pairs.add(new Narrowed.Pair(equality.column(), key, equality.operator()));
    }
    List<Expression> own = conditions.stream().filter(c -> uses(c, known)).toList();
    Select rows = new Select(known, own, outputs);
    Relation keys = Narrowed.distinct(rows, outputs.stream().map(o -> o.column().name()).toList());
    return Narrowed.of(input.relation(), new Narrowed.Keys(keys, pairs));
  }

  /// The first input with those that conditions connect to it.
  private static List<Input> connected(List<Input> inputs, List<Expression> conditions) {
    List<Input> found = new ArrayList<>(inputs.subList(0, 1));
    boolean more = true;
    while (more) {
      more = false;
      for (Input input : inputs) {
        List<Input> with = Stream.concat(found.stream(), Stream.of(input)).toList();
        boolean joins =
            conditions.stream().anyMatch(c -> uses(c, with) && !uses(c, found) && isJoin(c));
        if (!found.contains(input) && joins) {
          found.add(input);
          more = true;
        }
      }
    }
    return found;
  }

  private static boolean isJoin(Expression condition) {
    return References.columns(condition).stream().map(c -> c.path().getFirst()).distinct().count()
        > 1;
  }

  private static boolean uses(Expression expression, List<Input> inputs) {
    List<String> aliases = inputs.stream().map(Input::alias).toList();
    return References.columns(expression).stream()
        .allMatch(column -> aliases.contains(column.path().getFirst()));
  }
}
