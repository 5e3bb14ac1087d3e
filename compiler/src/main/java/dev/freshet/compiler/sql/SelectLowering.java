package dev.freshet.compiler.sql;

import dev.freshet.compiler.Problem;
import dev.freshet.compiler.sql.Query.Body;
import dev.freshet.compiler.sql.Query.Direction;
import dev.freshet.compiler.sql.Query.Distinct;
import dev.freshet.compiler.sql.Query.Grouping;
import dev.freshet.compiler.sql.Query.GroupingElement;
import dev.freshet.compiler.sql.Query.NamedWindow;
import dev.freshet.compiler.sql.Query.NullsOrder;
import dev.freshet.compiler.sql.Query.Projection;
import dev.freshet.compiler.sql.Query.SelectItem;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Query.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Grouping_elementContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Grouping_element_listContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Orderby_clauseContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_primaryContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_sublistContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Sort_specifierContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Values_valuesContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.VexContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Window_definitionContext;

/// Lowers one SELECT, VALUES or TABLE.
final class SelectLowering {
  private final Lowering lowering;

  SelectLowering(Lowering lowering) {
    this.lowering = lowering;
  }

  Body lower(Select_primaryContext tree) {
    if (tree.values_stmt() != null) {
      return new Query.Values(
          Span.of(tree), tree.values_stmt().values_values().stream().map(this::lowerRow).toList());
    }
    if (tree.SELECT() == null) {
      return new Query.WholeTable(Span.of(tree), lowering.from.lowerWholeTable(tree));
    }
    if (tree.into_table() != null) {
      throw lowering.notSupported(
          tree.into_table(), "SELECT INTO is not allowed in the query of a view");
    }
    return new Query.Select(
        Span.of(tree),
        new Projection(lowerDistinct(tree), lowerItems(tree)),
        tree.from_item().stream().map(lowering.from::lower).toList(),
        lowerAfter(tree, SQLLexer.WHERE),
        new Grouping(lowerGroupBy(tree), lowerAfter(tree, SQLLexer.HAVING)),
        lowerWindows(tree));
  }

  private List<Expression> lowerRow(Values_valuesContext tree) {
    if (!tree.DEFAULT().isEmpty()) {
      Span span = Span.of(tree.DEFAULT(0).getSymbol());
      Problem problem = Problem.of("42601", "DEFAULT is not allowed in this context");
      throw Refusal.at(lowering.source, span, problem);
    }
    return lowering.expressions.lowerAll(tree.vex());
  }

  private Distinct lowerDistinct(Select_primaryContext tree) {
    if (tree.set_qualifier() == null || tree.set_qualifier().DISTINCT() == null) {
      return new Distinct.All();
    }
    return tree.ON() == null
        ? new Distinct.DistinctRows()
        : new Distinct.DistinctOn(lowering.expressions.lowerAll(distinctKeys(tree)));
  }

  /// The expressions in the parentheses of DISTINCT ON: all before its closing parenthesis.
  private static List<VexContext> distinctKeys(Select_primaryContext tree) {
    int end = tree.RIGHT_PAREN().getSymbol().getStartIndex();
    return tree.vex().stream().filter(v -> v.getStart().getStartIndex() < end).toList();
  }

  private List<SelectItem> lowerItems(Select_primaryContext tree) {
    return tree.select_list() == null
        ? List.of()
        : tree.select_list().select_sublist().stream().map(this::lowerItem).toList();
  }

  private SelectItem lowerItem(Select_sublistContext tree) {
    String alias = null;
    if (tree.col_label() != null) {
      alias = lowering.names.name(tree.col_label());
    } else if (tree.bare_col_label() != null) {
      alias = lowering.names.name(tree.bare_col_label());
    }
    return new SelectItem(Span.of(tree), lowering.expressions.lowerOrStar(tree.vex()), alias);
  }

  /// The expression that follows WHERE or HAVING.
  private @Nullable Expression lowerAfter(Select_primaryContext tree, int word) {
    for (int i = 0; i + 1 < tree.getChildCount(); i++) {
      if (Lowering.type(tree.getChild(i)) == word
          && tree.getChild(i + 1) instanceof VexContext condition) {
        return lowering.expressions.lower(condition);
      }
    }
    return null;
  }

  private List<GroupingElement> lowerGroupBy(Select_primaryContext tree) {
    return tree.groupby_clause() == null
        ? List.of()
        : lowerElements(tree.groupby_clause().grouping_element_list());
  }

  private List<GroupingElement> lowerElements(Grouping_element_listContext tree) {
    return tree.grouping_element().stream().map(this::lowerElement).toList();
  }

  private GroupingElement lowerElement(Grouping_elementContext tree) {
    if (tree.vex() != null) {
      return lowerPlainElement(tree.vex());
    }
    if (tree.ROLLUP() != null) {
      return new GroupingElement.Rollup(lowerElements(tree.grouping_element_list()));
    }
    if (tree.CUBE() != null) {
      return new GroupingElement.Cube(lowerElements(tree.grouping_element_list()));
    }
    return tree.SETS() != null
        ? new GroupingElement.Sets(lowerElements(tree.grouping_element_list()))
        : new GroupingElement.Empty();
  }

  /// The grammar reads `ROLLUP (a, b)` as a function call; PostgreSQL never does here.
  private GroupingElement lowerPlainElement(VexContext tree) {
    int word = tree.getStart().getType();
    Expression value = lowering.expressions.lower(tree);
    if (value instanceof Expression.Call call
        && (word == SQLLexer.ROLLUP || word == SQLLexer.CUBE)) {
      List<GroupingElement> elements = new ArrayList<>();
      call.arguments().forEach(a -> elements.add(new GroupingElement.Plain(a.value())));
      return word == SQLLexer.ROLLUP
          ? new GroupingElement.Rollup(elements)
          : new GroupingElement.Cube(elements);
    }
    return new GroupingElement.Plain(value);
  }

  private List<NamedWindow> lowerWindows(Select_primaryContext tree) {
    return IntStream.range(0, tree.window_definition().size())
        .mapToObj(i ->
            new NamedWindow(
                lowering.names.name(tree.identifier(i)), lowerWindow(tree.window_definition(i))))
        .toList();
  }

  Window lowerWindow(Window_definitionContext tree) {
    return new Window(
        Span.of(tree),
        tree.identifier() == null ? null : lowering.names.name(tree.identifier()),
        tree.partition_by_columns() == null
            ? List.of()
            : lowering.expressions.lowerAll(tree.partition_by_columns().vex()),
        tree.orderby_clause() == null ? List.of() : lowerOrder(tree.orderby_clause()),
        tree.frame_clause() == null ? null : lowering.phrases.lower(tree.frame_clause()));
  }

  List<SortKey> lowerOrder(Orderby_clauseContext tree) {
    return tree.sort_specifier().stream().map(this::lowerSortKey).toList();
  }

  private SortKey lowerSortKey(Sort_specifierContext tree) {
    var order = tree.order_specification();
    var nulls = tree.null_ordering();
    Direction direction = Direction.DEFAULT;
    Operator using = null;
    if (order != null && order.all_op_ref() != null) {
      using = lowering.expressions.operator(order.all_op_ref());
    } else if (order != null) {
      direction = order.DESC() == null ? Direction.ASC : Direction.DESC;
    }
    return new SortKey(
        lowering.expressions.lower(tree.vex()),
        direction,
        using,
        nulls == null
            ? NullsOrder.DEFAULT
            : nulls.FIRST() == null ? NullsOrder.LAST : NullsOrder.FIRST);
  }
}
