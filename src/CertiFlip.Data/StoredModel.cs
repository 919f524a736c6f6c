namespace CertiFlip.Data;

/// <summary>
/// Something fitted, as a file holds it: a kind, and arrays with names. The file has a version and a checksum, and no
/// code in it; reading it allocates no more than the file is long, and any damage is refused.
/// </summary>
public sealed class StoredModel
{
    /// <summary>Begins an empty model.</summary>
    /// <param name="kind">What it is, for example <c>principal-components</c>.</param>
    public StoredModel(string kind)
        : this(kind, "a model that was not read from a file")
    {
    }

    internal StoredModel(string kind, string source, bool areVerified = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        (Kind, Source, Arrays) = (kind, source, new ModelArrays { AreVerified = areVerified });
    }

    /// <summary>What it is.</summary>
    public string Kind { get; }

    /// <summary>The arrays.</summary>
    public ModelArrays Arrays { get; }

    /// <summary>
    /// The SHA-256 that its file ends with, in hexadecimal digits: it tells models apart. Null where it was not read
    /// from a file.
    /// </summary>
    public string? Checksum { get; internal init; }

    /// <summary>Where it came from, as messages name it: a path.</summary>
    internal string Source { get; }

    /// <summary>The file that its rows stay in, once it is known to be whole; null where they are in memory.</summary>
    internal VerifiedFile? File { get; init; }

    /// <summary>Stores something fitted.</summary>
    /// <typeparam name="T">A feature map, for example <see cref="Features.PrincipalComponents"/>.</typeparam>
    /// <param name="fitted">What to store.</param>
    public static StoredModel Of<T>(T fitted)
        where T : IStorable<T>
    {
        ArgumentNullException.ThrowIfNull(fitted);
        var model = new StoredModel(T.Kind);
        fitted.Store(model.Arrays);
        return model;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">
    /// It cannot be read, is no model, is of a later version, or was damaged.
    /// </exception>
    public static StoredModel Read(string path)
    {
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("read_model");
        return ModelReader.Read(path);
    }

    /// <summary>Reads what a file would hold.</summary>
    /// <param name="stream">Where from: all of it, from its beginning. It can seek.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="DataException">
    /// It cannot be read, is no model, is of a later version, or was damaged.
    /// </exception>
    public static StoredModel Read(Stream stream, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return ModelReader.Read(stream, source);
    }

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

    /// <summary>Adds numbers. The array is not copied.</summary>
    /// <param name="name">Their name, of which there is only one.</param>
    /// <param name="values">The numbers.</param>
    public void Add(string name, double[] values) => Arrays.Add(name, values);

    /// <inheritdoc cref="Add(string, double[])"/>
    public void Add(string name, float[] values) => Arrays.Add(name, values);

    /// <inheritdoc cref="Add(string, double[])"/>
    public void Add(string name, int[] values) => Arrays.Add(name, values);

    /// <summary>Adds texts. The array is not copied.</summary>
    /// <param name="name">Their name, of which there is only one.</param>
    /// <param name="values">The texts.</param>
    public void Add(string name, string[] values) => Arrays.Add(name, values);

    /// <summary>Finds numbers.</summary>
    /// <param name="name">The name of the array.</param>
    /// <exception cref="DataException">There is no array of this name and type.</exception>
    public double[] Doubles(string name) => Restore(arrays => arrays.Doubles(name));

    /// <inheritdoc cref="Doubles"/>
    public float[] Singles(string name) => Restore(arrays => arrays.Singles(name));

    /// <inheritdoc cref="Doubles"/>
    public int[] Integers(string name) => Restore(arrays => arrays.Integers(name));

    /// <summary>Finds texts.</summary>
    /// <param name="name">The name of the array.</param>
    /// <exception cref="DataException">There are no texts of this name.</exception>
    public string[] Texts(string name) => Restore(arrays => arrays.Texts(name));

    /// <summary>Refuses a model of another kind.</summary>
    /// <param name="kind">The kind that is wanted.</param>
    /// <exception cref="DataException">It is another.</exception>
    public void Expect(string kind)
    {
        if (Kind != kind)
            throw new DataException($"{Source}: this is a model of kind {DataException.Quote(Kind)}; expected {kind}.");
    }

    /// <summary>Restores something fitted: it computes the same bits as what was stored.</summary>
    /// <typeparam name="T">A feature map, for example <see cref="Features.PrincipalComponents"/>.</typeparam>
    /// <exception cref="DataException">The model is of another kind, or its arrays do not fit together.</exception>
    public T Restore<T>()
        where T : IStorable<T>
    {
        Expect(T.Kind);
        return Restore(T.Restore);
    }

    /// <summary>Makes something from the arrays; where they do not fit together, the file is named.</summary>
    /// <typeparam name="T">What is made.</typeparam>
    /// <param name="make">
    /// Makes it; an <see cref="ArgumentException"/> says that the arrays do not fit together, an
    /// <see cref="OverflowException"/> that their sizes are beyond all that there is.
    /// </param>
    /// <exception cref="DataException">The arrays do not fit together.</exception>
    public T Restore<T>(Func<ModelArrays, T> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        try
        {
            return make(Arrays);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or HeadException or OverflowException)
        {
            throw new DataException(
                $"{Source}: the model is not complete or does not fit together: {Reason(exception)}", exception);
        }
    }

    /// <summary>What an exception says to users: without the parameter of the library that it names.</summary>
    private static string Reason(Exception exception) => exception switch
    {
        OverflowException => "its sizes are larger than any model's.",
        InvalidOperationException => "an array has another length than it must have.",
        ArgumentException { ParamName: { } name } =>
            exception.Message.Split('\n')[0].Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        _ => exception.Message,
    };
}
