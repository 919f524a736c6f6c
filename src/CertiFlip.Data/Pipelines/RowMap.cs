using CertiFlip.Features;

namespace CertiFlip.Data.Pipelines;

/// <summary>
/// The first step from the rows of a file to features: it takes columns of a <see cref="Table"/> and makes numbers of
/// them. It was fitted without the labels that are defended.
/// </summary>
public abstract class RowMap
{
    /// <summary>What model files call this kind of map.</summary>
    public abstract string Kind { get; }

    /// <summary>What the map does, in a few words: "6 numbers, scaled; 8 categories in 99 columns".</summary>
    public abstract string Description { get; }

    /// <summary>The names of the columns that it reads.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>k, the numbers that a row becomes.</summary>
    public abstract int Features { get; }

    /// <summary>The names of the k numbers; empty where they have none.</summary>
    public virtual IReadOnlyList<string> FeatureNames => [];

    /// <summary>The column that each of the k numbers is made of; empty where each is made of them all.</summary>
    public virtual IReadOnlyList<string> FeatureColumns => [];

    /// <inheritdoc cref="Dataset.RowShape"/>
    public virtual IReadOnlyList<int> RowShape => [Features];

    /// <summary>Whether rows are images.</summary>
    public virtual bool TakesImages => false;

    /// <summary>Whether the map was trained on labels, which must be trusted.</summary>
    public virtual bool DependsOnLabels => false;

    /// <summary>Maps rows.</summary>
    /// <param name="table">n rows with the <see cref="Columns"/>, and maybe others.</param>
    /// <param name="progress">Is told how many more rows are done, where that takes long.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <returns>n rows of k numbers.</returns>
    /// <exception cref="DataException">A column is missing, or holds what the map cannot take.</exception>
    public abstract FeatureMatrix Transform(Table table, IProgress<int>? progress = null, ParallelOptions? parallel = null);

    /// <summary>What there is to say of rows that the map was not fitted to.</summary>
    /// <param name="table">The rows.</param>
    public virtual IEnumerable<DataRemark> RemarksOn(Table table) => [];

    /// <summary>Stores the map.</summary>
    /// <param name="arrays">Receives it.</param>
    public abstract void Store(ModelArrays arrays);

    /// <summary>A column that the map reads.</summary>
    /// <typeparam name="T">What it must hold.</typeparam>
    /// <param name="table">The table.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="held">What it must hold, in words.</param>
    /// <exception cref="DataException">There is no such column, or it holds something else.</exception>
    protected static T Column<T>(Table table, string name, string held)
        where T : TableColumn
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Find(name) switch
        {
            T column => column,
            null => throw new DataException(
                $"{table.Source}: there is no column {DataException.Quote(name)}, which the features are made of; its columns are "
                + $"{string.Join(", ", table.Columns.Take(10).Select(column => DataException.Quote(column.Name)))}"
                + $"{(table.Columns.Count > 10 ? $" and {table.Columns.Count - 10} more" : "")}."),
            _ => throw new DataException($"{table.Source}: column {DataException.Quote(name)} does not hold {held}."),
        };
    }
}

/// <summary>Texts of one column through a map of texts.</summary>
/// <param name="column">The column that holds the texts.</param>
/// <param name="map">The map.</param>
/// <param name="choice">The map's name, with which it is stored.</param>
public sealed class TextRowMap(string column, ITextFeatureMap map, TextMapKind choice) : RowMap
{
    private const string ColumnArray = "text column";

    /// <inheritdoc/>
    public override string Kind => choice.Name;

    /// <inheritdoc/>
    public override string Description => $"texts of column '{column}' by {choice.Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [column];

    /// <inheritdoc/>
    public override int Features => map.Features;

    /// <inheritdoc/>
    public override bool DependsOnLabels => map.DependsOnLabels;

    /// <summary>Restores a map of texts.</summary>
    /// <param name="arrays">What <see cref="Store"/> made.</param>
    /// <param name="choice">Which map it is.</param>
    /// <exception cref="ArgumentException">Something is missing, or does not fit together.</exception>
    public static TextRowMap Restore(ModelArrays arrays, TextMapKind choice)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        ArgumentNullException.ThrowIfNull(choice);
        return new TextRowMap(arrays.Texts(ColumnArray).Single(), choice.Restore(arrays), choice);
    }

    /// <summary>The texts of a column; a missing one is empty.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="DataException">There is no such column, or it does not hold texts.</exception>
    public static IReadOnlyList<string> TextsOf(Table table, string name) =>
        [.. Column<TextColumn>(table, name, "texts").Values.Select(text => text ?? "")];

    /// <inheritdoc/>
    public override FeatureMatrix Transform(Table table, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        map.Transform(TextsOf(table, column), progress, parallel);

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add(ColumnArray, [column]);
        choice.Store(arrays, map);
    }
}

/// <summary>A kind of map of texts: how it is called, stored and restored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Store">Stores a map of this kind.</param>
/// <param name="Restore">Restores one.</param>
public sealed record TextMapKind(string Name, Action<ModelArrays, ITextFeatureMap> Store, Func<ModelArrays, ITextFeatureMap> Restore)
{
    /// <summary>The kind of a map of the library; null where it takes no texts.</summary>
    /// <param name="choice">The map.</param>
    public static TextMapKind? Of(FeatureMapChoice choice) => choice switch
    {
        TextMapChoice map => new TextMapKind(map.Name, map.Store, map.Restore),
        WordVectorMapChoice map => new TextMapKind(map.Name, map.Store, map.Restore),
        _ => null,
    };
}
