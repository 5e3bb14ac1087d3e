package dev.freshet.compiler.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A materialized view as a set of files declares it, with all that they say about it.
///
/// @param file the file that creates it; the other statements may come from other files
/// @param owner null when no file names one
public record DeclaredView(
    ViewFile file,
    Statement.CreateMaterializedView view,
    List<Statement.CreateIndex> indexes,
    List<Statement.Comment> comments,
    List<Statement.Grant> grants,
    Statement.@Nullable OwnerTo owner) {

  public QualifiedName name() {
    return view.view().name();
  }

  /// Reads the view's options; a wrong one is refused at its place.
  public ViewOptions options() {
    return ViewOptions.of(view.clauses().options());
  }
}
