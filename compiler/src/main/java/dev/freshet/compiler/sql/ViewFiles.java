package dev.freshet.compiler.sql;

import dev.freshet.compiler.CompileException;
import dev.freshet.compiler.Problem;
import dev.freshet.compiler.SourcePosition;
import java.util.ArrayList;
import java.util.List;

/// Brings together what several files say about each view.
public final class ViewFiles {
  private final List<Declaration> declarations = new ArrayList<>();

  private ViewFiles() {}

  /// The views of all files in the order of their creation.
  ///
  /// Refused: a view created twice under the same spelling of its name, and an index, comment,
  /// grant or owner whose view none of the files creates. Names match when one of them leaves the
  /// schema out.
  public static List<DeclaredView> declare(List<ViewFile> files) {
    ViewFiles all = new ViewFiles();
    files.forEach(file -> file.views().forEach(view -> all.create(file, view)));
    files.forEach(file -> file.statements().forEach(statement -> all.assignIndex(file, statement)));
    files.forEach(file -> file.statements().forEach(statement -> all.assign(file, statement)));
    return all.declarations.stream().map(Declaration::toView).toList();
  }

  private void create(ViewFile file, Statement.CreateMaterializedView view) {
    for (Declaration earlier : declarations) {
      if (earlier.name().equals(view.view().name())) {
        throw declaredTwice(file, view.view(), earlier);
      }
    }
    declarations.add(new Declaration(file, view));
  }

  /// Indexes come first, because comments refer to them.
  private void assignIndex(ViewFile file, Statement statement) {
    if (statement instanceof Statement.CreateIndex index) {
      find(file, index.view()).indexes.add(index);
    }
  }

  private void assign(ViewFile file, Statement statement) {
    switch (statement) {
      case Statement.CreateMaterializedView view -> {}
      case Statement.CreateIndex index -> {}
      case Statement.Comment comment -> find(file, comment.subject()).comments.add(comment);
      case Statement.Grant grant ->
          grant.views().forEach(view -> find(file, view).grants.add(grant.forView(view)));
      case Statement.OwnerTo owner -> find(file, owner.view()).owners.add(owner);
    }
  }

  private Declaration find(ViewFile file, Statement.CommentSubject subject) {
    return switch (subject) {
      case Statement.CommentSubject.OnView(ObjectName view) -> find(file, view);
      case Statement.CommentSubject.OnColumn(ObjectName view, String column) -> find(file, view);
      case Statement.CommentSubject.OnIndex(ObjectName index) -> findIndex(file, index);
    };
  }

  private Declaration find(ViewFile file, ObjectName name) {
    List<Declaration> matches =
        declarations.stream().filter(d -> d.name().mayEqual(name.name())).toList();
    if (matches.isEmpty()) {
      throw notCreated(file, name, "materialized view");
    }
    return matches.stream()
        .filter(declaration -> matches.size() == 1 || declaration.name().equals(name.name()))
        .findFirst()
        .orElseThrow(() -> ambiguous(file, name));
  }

  private Declaration findIndex(ViewFile file, ObjectName index) {
    return declarations.stream()
        .filter(declaration -> declaration.hasIndex(index.name()))
        .findFirst()
        .orElseThrow(() -> notCreated(file, index, "index"));
  }

  private static CompileException notCreated(ViewFile file, ObjectName name, String kind) {
    String message = kind + " \"" + written(name) + "\" is not created by these files";
    Problem problem =
        Problem.of("42P01", message)
            .withHint("Create it in the same file or in another file that is applied with it.");
    return Refusal.at(file.source(), name.span(), problem);
  }

  private static CompileException ambiguous(ViewFile file, ObjectName name) {
    Problem problem =
        Problem.of("42P09", "view name \"" + written(name) + "\" is ambiguous")
            .withHint("Write the schema in front of it.");
    return Refusal.at(file.source(), name.span(), problem);
  }

  private static CompileException declaredTwice(
      ViewFile file, ObjectName name, Declaration earlier) {
    SourcePosition first = earlier.file.source().position(earlier.view.view().span());
    Problem problem =
        Problem.of("42P07", "materialized view \"" + written(name) + "\" is created twice")
            .withDetail("The first place is " + first.file() + ":" + first.line() + ".");
    return Refusal.at(file.source(), name.span(), problem);
  }

  /// The name without quotes, as PostgreSQL shows it inside its own quotes.
  private static String written(ObjectName name) {
    String schema = name.name().schema();
    return schema == null ? name.name().name() : schema + "." + name.name().name();
  }

  /// A view whose statements are still being collected.
  private static final class Declaration {
    final ViewFile file;
    final Statement.CreateMaterializedView view;
    final List<Statement.CreateIndex> indexes = new ArrayList<>();
    final List<Statement.Comment> comments = new ArrayList<>();
    final List<Statement.Grant> grants = new ArrayList<>();
    final List<Statement.OwnerTo> owners = new ArrayList<>();

    Declaration(ViewFile file, Statement.CreateMaterializedView view) {
      this.file = file;
      this.view = view;
    }

    QualifiedName name() {
      return view.view().name();
    }

    boolean hasIndex(QualifiedName index) {
      return indexes.stream()
          .map(statement -> statement.head().name())
          .anyMatch(n -> n != null && new QualifiedName(name().schema(), n).mayEqual(index));
    }

    DeclaredView toView() {
      return new DeclaredView(
          file,
          view,
          List.copyOf(indexes),
          List.copyOf(comments),
          List.copyOf(grants),
          owners.isEmpty() ? null : owners.getLast());
    }
  }
}
