namespace CertiFlip.Data.Models;

/// <summary>
/// Something fitted, as a file holds it: a kind and arrays with names. One file, with a version and a checksum, and no code in it: reading it allocates no
/// more than the file is long, and any damage is refused.
/// </summary>
public sealed class StoredModel
{
    private readonly Dictionary<string, Array> _arrays = new(StringComparer.Ordinal);

    /// <summary>Begins an empty one.</summary>
    /// <param name="kind">What it is, for example <c>principal-components</c>.</param>
    public StoredModel(string kind)
        : this(kind, "a model that was not read from a file")
    {
    }

    internal StoredModel(string kind, string source)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        (Kind, Source) = (kind, source);
    }

    /// <summary>What it is.</summary>
    public string Kind { get; }

    /// <summary>Where it came from, as messages name it: a path.</summary>
    internal string Source { get; }

    internal IReadOnlyDictionary<string, Array> Arrays => _arrays;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It cannot be read, is no model, is of a later version, or was damaged.</exception>
    public static StoredModel Read(string path) => ModelReader.Read(path);

    /// <summary>Writes a file, which appears whole or not at all.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <exception cref="DataException">It cannot be written.</exception>
    public void Write(string path)
    {
        using var files = new OutputFiles();
        files.Add(path);
        files.WriteBytes(path, Write);
        files.Commit();
    }

    /// <summary>Writes what a file would hold.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream) => ModelWriter.Write(this, stream);

    /// <summary>Adds numbers. The array is kept, not copied.</summary>
    /// <param name="name">Their name, of which there is only one.</param>
    /// <param name="values">The numbers.</param>
    public void Add(string name, double[] values) => AddArray(name, values);

    /// <inheritdoc cref="Add(string, double[])"/>
    public void Add(string name, float[] values) => AddArray(name, values);

    /// <inheritdoc cref="Add(string, double[])"/>
    public void Add(string name, int[] values) => AddArray(name, values);

    /// <summary>Adds texts. The array is kept, not copied.</summary>
    /// <param name="name">Their name, of which there is only one.</param>
    /// <param name="values">The texts.</param>
    public void Add(string name, string[] values) => AddArray(name, values);

    /// <summary>The numbers that were added under this name.</summary>
    /// <param name="name">Their name.</param>
    /// <exception cref="DataException">There are none of this type under this name.</exception>
    public double[] Doubles(string name) => Find<double>(name);

    /// <inheritdoc cref="Doubles"/>
    public float[] Singles(string name) => Find<float>(name);

    /// <inheritdoc cref="Doubles"/>
    public int[] Integers(string name) => Find<int>(name);

    /// <summary>The texts that were added under this name.</summary>
    /// <param name="name">Their name.</param>
    /// <exception cref="DataException">There are none under this name.</exception>
    public string[] Texts(string name) => Find<string>(name);

    /// <summary>Refuses a model of another kind.</summary>
    /// <param name="kind">The kind that is wanted.</param>
    /// <exception cref="DataException">It is another.</exception>
    public void Expect(string kind)
    {
        if (Kind != kind)
            throw new DataException($"{Source}: this is a model of kind {DataException.Quote(Kind)}; expected {kind}.");
    }

    /// <summary>Turns what a constructor says of arrays that do not fit together into what a reader of the file is told.</summary>
    /// <typeparam name="T">What is made.</typeparam>
    /// <param name="make">Makes it from the arrays.</param>
    /// <exception cref="DataException">The arrays do not fit together.</exception>
    public T Restore<T>(Func<T> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new DataException($"{Source}: the model is not complete or does not fit together: {exception.Message}", exception);
        }
    }

    internal void AddArray(string name, Array values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!_arrays.TryAdd(name, values))
            throw new ArgumentException($"There is an array '{name}' already.", nameof(name));
    }

    private T[] Find<T>(string name) => _arrays.TryGetValue(name, out Array? values) && values is T[] found
        ? found
        : throw new DataException($"{Source}: the model has no array '{name}' of type {typeof(T).Name}.");
}
