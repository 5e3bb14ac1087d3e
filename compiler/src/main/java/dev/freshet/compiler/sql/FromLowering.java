package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.FromItem.Alias;
import dev.freshet.compiler.sql.FromItem.AliasedJoin;
import dev.freshet.compiler.sql.FromItem.ColumnDefinition;
import dev.freshet.compiler.sql.FromItem.Function;
import dev.freshet.compiler.sql.FromItem.Functions;
import dev.freshet.compiler.sql.FromItem.Join;
import dev.freshet.compiler.sql.FromItem.JoinCondition;
import dev.freshet.compiler.sql.FromItem.JoinKind;
import dev.freshet.compiler.sql.FromItem.Sample;
import dev.freshet.compiler.sql.FromItem.Subquery;
import dev.freshet.compiler.sql.FromItem.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Alias_clauseContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.From_function_column_defContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.From_itemContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.From_primaryContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.From_rows_with_aliasContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Function_callContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.IdentifierContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Schema_qualified_nameContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_primaryContext;

/// Lowers the FROM clause.
final class FromLowering {
  private final Lowering lowering;

  FromLowering(Lowering lowering) {
    this.lowering = lowering;
  }

  FromItem lower(From_itemContext tree) {
    if (tree.from_primary() != null) {
      return lowerPrimary(tree.from_primary());
    }
    return tree.from_item().size() == 1 ? lowerParentheses(tree) : lowerJoin(tree);
  }

  /// `TABLE name`.
  TableRef lowerWholeTable(Select_primaryContext tree) {
    ObjectName name = lowering.names.objectName(tree.schema_qualified_name());
    return lowering.keep(
        new TableRef(
            Span.of(tree),
            name,
            tree.ONLY() != null,
            lowering.isCommonTable(name.name()),
            null,
            null));
  }

  /// Only joins may stand in parentheses.
  private FromItem lowerParentheses(From_itemContext tree) {
    FromItem inner = lower(tree.from_item(0));
    boolean isJoin = inner instanceof Join || inner instanceof AliasedJoin;
    if (!isJoin) {
      throw Refusal.syntax(lowering.source, tree.RIGHT_PAREN().getSymbol());
    }
    return tree.alias_clause() == null
        ? inner
        : new AliasedJoin(Span.of(tree), inner, lowerAlias(tree.alias_clause()));
  }

  private FromItem lowerJoin(From_itemContext tree) {
    FromItem left = lower(tree.from_item(0));
    FromItem right = lower(tree.from_item(1));
    return new Join(Span.of(tree), kind(tree), left, right, lowerCondition(tree));
  }

  private static JoinKind kind(From_itemContext tree) {
    if (tree.LEFT() != null) {
      return JoinKind.LEFT;
    }
    if (tree.RIGHT() != null) {
      return JoinKind.RIGHT;
    }
    return tree.FULL() != null ? JoinKind.FULL : JoinKind.INNER;
  }

  private JoinCondition lowerCondition(From_itemContext tree) {
    if (tree.vex() != null) {
      return new JoinCondition.On(lowering.expressions.lower(tree.vex()));
    }
    if (tree.names_in_parens() != null) {
      return new JoinCondition.Using(
          tree.names_in_parens().names_references().schema_qualified_name().stream()
              .map(this::lowerJoinColumn)
              .toList());
    }
    return tree.NATURAL() != null ? new JoinCondition.Natural() : new JoinCondition.Always();
  }

  private String lowerJoinColumn(Schema_qualified_nameContext tree) {
    if (!tree.DOT().isEmpty()) {
      throw Refusal.syntax(lowering.source, tree.DOT(0).getSymbol());
    }
    return lowering.names.name(tree.identifier());
  }

  private FromItem lowerPrimary(From_primaryContext tree) {
    if (tree.schema_qualified_name() != null) {
      return lowerTable(tree);
    }
    if (tree.table_subquery() != null) {
      return new Subquery(
          Span.of(tree),
          tree.LATERAL() != null,
          lowering.queries.lower(tree.table_subquery().select_stmt()),
          tree.alias_clause() == null ? null : lowerAlias(tree.alias_clause()));
    }
    return tree.from_rows_with_alias() != null
        ? lowerRowsFrom(tree.from_rows_with_alias())
        : lowerFunction(tree);
  }

  private TableRef lowerTable(From_primaryContext tree) {
    ObjectName name = lowering.names.objectName(tree.schema_qualified_name());
    return lowering.keep(
        new TableRef(
            Span.of(tree),
            name,
            tree.ONLY() != null,
            lowering.isCommonTable(name.name()),
            tree.alias_clause() == null ? null : lowerAlias(tree.alias_clause()),
            tree.TABLESAMPLE() == null ? null : lowerSample(tree)));
  }

  private Sample lowerSample(From_primaryContext tree) {
    List<Expression> values = lowering.expressions.lowerAll(tree.vex());
    boolean seeded = tree.REPEATABLE() != null;
    return new Sample(
        lowering.names.name(tree.method),
        seeded ? values.subList(0, values.size() - 1) : values,
        seeded ? values.getLast() : null);
  }

  private Functions lowerFunction(From_primaryContext tree) {
    List<ColumnDefinition> definitions = lowerDefinitions(tree.from_function_column_def());
    return new Functions(
        Span.of(tree),
        tree.LATERAL() != null,
        false,
        List.of(new Function(lowering.calls.lower(tree.function_call()), List.of())),
        tree.ORDINALITY() != null,
        alias(tree.alias, tree.column_alias, definitions));
  }

  private Functions lowerRowsFrom(From_rows_with_aliasContext tree) {
    List<Function> functions = new ArrayList<>();
    for (ParseTree child : tree.children) {
      if (child instanceof Function_callContext call) {
        functions.add(new Function(lowering.calls.lower(call), List.of()));
      } else if (child instanceof From_function_column_defContext definition) {
        Expression call = functions.removeLast().call();
        functions.add(new Function(call, lowerDefinitions(definition)));
      }
    }
    return new Functions(
        Span.of(tree),
        tree.LATERAL() != null,
        true,
        List.copyOf(functions),
        tree.ORDINALITY() != null,
        alias(tree.alias, tree.column_alias, List.of()));
  }

  private @Nullable Alias alias(
      @Nullable IdentifierContext name,
      List<IdentifierContext> columns,
      List<ColumnDefinition> definitions) {
    if (name == null && definitions.isEmpty()) {
      return null;
    }
    return new Alias(
        name == null ? null : lowering.names.name(name),
        lowering.names.names(columns),
        definitions);
  }

  private Alias lowerAlias(Alias_clauseContext tree) {
    return new Alias(
        lowering.names.name(tree.alias), lowering.names.names(tree.column_alias), List.of());
  }

  private List<ColumnDefinition> lowerDefinitions(@Nullable From_function_column_defContext tree) {
    return tree == null
        ? List.of()
        : IntStream.range(0, tree.column_alias.size())
            .mapToObj(i ->
                new ColumnDefinition(
                    lowering.names.name(tree.column_alias.get(i)),
                    lowering.phrases.type(tree.data_type(i))))
            .toList();
  }
}
