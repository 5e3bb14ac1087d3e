package dev.freshet.compiler.bind;

import dev.freshet.compiler.Schema.ColumnType;
import dev.freshet.compiler.algebra.References;
import dev.freshet.compiler.algebra.Relation.Select;
import dev.freshet.compiler.algebra.RelationSql;
import dev.freshet.compiler.sql.Expression;
import dev.freshet.compiler.sql.FromItem.JoinKind;
import dev.freshet.compiler.sql.Span;
import dev.freshet.compiler.sql.TypeName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What USING makes of pairs of columns. Where their types differ, the merged column has the type
/// that both can become, as that of COALESCE.
final class MergedColumns {
  private static final Span NOWHERE = new Span(0, 0);

  private final Binder binder;
  private final Block both = new Block(new Scope(null));

  MergedColumns(Binder binder, Block left, Block right) {
    this.binder = binder;
    both.inputs.addAll(left.inputs);
    both.inputs.addAll(right.inputs);
  }

  /// The value of the merged column, over the columns of both sides.
  Expression of(JoinKind kind, Expression left, Expression right) {
    Expression merged = new Expression.Construct(NOWHERE, "COALESCE", List.of(left, right));
    if (kind == JoinKind.FULL) {
      return merged;
    }
    List<ColumnType> types = types(left, right, merged);
    Expression kept = kind == JoinKind.RIGHT ? right : left;
    ColumnType own = kind == JoinKind.RIGHT ? types.get(1) : types.getFirst();
    if (base(own).equals(base(types.getLast()))) {
      return kept;
    }
    return kind == JoinKind.INNER && base(types.get(1)).equals(base(types.getLast()))
        ? right
        : new Expression.Cast(NOWHERE, kept, new TypeName(NOWHERE, types.getLast().type()));
  }

  private List<ColumnType> types(Expression left, Expression right, Expression merged) {
    Map<String, Expression> values = new LinkedHashMap<>();
    values.put("left", left);
    values.put("right", right);
    values.put("merged", merged);
    Select select = both.select(values);
    if (References.outer(select)) {
      throw new Declined("USING beside a side that uses columns of the other");
    }
    return binder.schema.describe(RelationSql.query(select));
  }

  /// The type without its modifier: `numeric` for `numeric(10,2)`.
  private static String base(ColumnType type) {
    return type.type().replaceFirst("\\([0-9,-]+\\)", "");
  }
}
