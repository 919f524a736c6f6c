namespace CertiFlip;

/// <summary>
/// Arrays of numbers and texts, each with a name, in the order in which they were added: what heads and feature maps
/// store themselves in, whatever the format of the file is.
/// </summary>
public sealed class ModelArrays
{
    private readonly OrderedDictionary<string, Array> _arrays = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, FeatureMatrix> _matrices = new(StringComparer.Ordinal);

    /// <summary>
    /// All arrays: each is a <c>double[]</c>, <c>float[]</c>, <c>int[]</c>, <c>byte[]</c> or <c>string[]</c>.
    /// </summary>
    public IReadOnlyDictionary<string, Array> All => _arrays;

    /// <summary>
    /// All matrices: numbers that may be more than an array holds, or stay in their file until they are needed.
    /// </summary>
    public IReadOnlyDictionary<string, FeatureMatrix> Matrices => _matrices;

    /// <summary>
    /// Whether all that is stored was checked before, on this machine and in the same file: what is restored then need
    /// not be held against the training rows once more, which takes passes over all of them.
    /// </summary>
    public bool AreVerified { get; init; }

    /// <summary>Adds an array of 64-bit numbers. It is not copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The numbers.</param>
    /// <exception cref="ArgumentException">There is an array of this name already.</exception>
    public void Add(string name, double[] values) => AddArray(name, values);

    /// <summary>Adds an array of 32-bit numbers. It is not copied.</summary>
    /// <inheritdoc cref="Add(string, double[])"/>
    public void Add(string name, float[] values) => AddArray(name, values);

    /// <summary>Adds an array of integers. It is not copied.</summary>
    /// <inheritdoc cref="Add(string, double[])"/>
    public void Add(string name, int[] values) => AddArray(name, values);

    /// <summary>Adds an array of bytes, such as a file. It is not copied.</summary>
    /// <inheritdoc cref="Add(string, double[])"/>
    public void Add(string name, byte[] values) => AddArray(name, values);

    /// <summary>Adds an array of texts. It is not copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The texts.</param>
    /// <exception cref="ArgumentException">There is an array of this name already.</exception>
    public void Add(string name, string[] values) => AddArray(name, values);

    /// <summary>Adds a matrix. It is not copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="matrix">The matrix.</param>
    /// <exception cref="ArgumentException">There is a matrix or an array of this name already.</exception>
    public void Add(string name, FeatureMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(matrix);
        if (_arrays.ContainsKey(name) || !_matrices.TryAdd(name, matrix))
            throw new ArgumentException($"There is an array '{name}' already.", nameof(name));
    }

    /// <summary>Finds 64-bit numbers.</summary>
    /// <param name="name">The name of the array.</param>
    /// <exception cref="ArgumentException">There is no array of this name and type.</exception>
    public double[] Doubles(string name) => Find<double>(name);

    /// <summary>Finds 32-bit numbers.</summary>
    /// <inheritdoc cref="Doubles"/>
    public float[] Singles(string name) => Find<float>(name);

    /// <summary>Finds integers.</summary>
    /// <inheritdoc cref="Doubles"/>
    public int[] Integers(string name) => Find<int>(name);

    /// <summary>Finds bytes.</summary>
    /// <inheritdoc cref="Doubles"/>
    public byte[] Bytes(string name) => Find<byte>(name);

    /// <summary>Finds texts.</summary>
    /// <inheritdoc cref="Doubles"/>
    public string[] Texts(string name) => Find<string>(name);

    /// <summary>Adds the arrays of a part: of a step of a pipeline, for example.</summary>
    /// <param name="name">The part's name, which its arrays' names then begin with.</param>
    /// <param name="part">Its arrays. They are not copied.</param>
    /// <exception cref="ArgumentException">There is an array of one of these names already.</exception>
    public void AddPart(string name, ModelArrays part)
    {
        ArgumentNullException.ThrowIfNull(part);
        foreach ((string own, Array values) in part.All)
            AddArray($"{name}/{own}", values);
        foreach ((string own, FeatureMatrix matrix) in part.Matrices)
            Add($"{name}/{own}", matrix);
    }

    /// <summary>The arrays of a part; none where there is no such part.</summary>
    /// <param name="name">The part's name.</param>
    public ModelArrays Part(string name)
    {
        var part = new ModelArrays { AreVerified = AreVerified };
        foreach ((string own, Array values) in _arrays.Where(array => array.Key.StartsWith($"{name}/", StringComparison.Ordinal)))
            part.AddArray(own[(name.Length + 1)..], values);
        foreach ((string own, FeatureMatrix matrix) in _matrices.Where(item => item.Key.StartsWith($"{name}/", StringComparison.Ordinal)))
            part.Add(own[(name.Length + 1)..], matrix);
        return part;
    }

    /// <summary>Writes arrays of numbers, of which there are few kinds: what one worker leaves for others.</summary>
    internal void Write(BinaryWriter writer)
    {
        IEnumerable<(string Name, Array Values)> all = _arrays.Select(array => (array.Key, array.Value))
            .Concat(_matrices.Select(matrix => (matrix.Key, (Array)matrix.Value.First(matrix.Value.Rows))));
        writer.Write(_arrays.Count + _matrices.Count);
        foreach ((string name, Array values) in all)
        {
            writer.Write(name);
            writer.Write(values is int[]);
            writer.Write(values.Length);
            if (values is int[] integers)
                Array.ForEach(integers, writer.Write);
            else
                Array.ForEach((double[])values, writer.Write);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; matrices are then arrays.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    /// <exception cref="EndOfStreamException">Something is missing.</exception>
    internal static ModelArrays Read(BinaryReader reader)
    {
        var arrays = new ModelArrays();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string name = reader.ReadString();
            bool areIntegers = reader.ReadBoolean();
            int length = reader.ReadInt32();
            if (length < 0 || (long)length * (areIntegers ? sizeof(int) : sizeof(double)) > reader.BaseStream.Length)
                throw new ArgumentException($"There are not {length} numbers of '{name}'.");
            if (areIntegers)
                arrays.Add(name, (int[])[.. Enumerable.Range(0, length).Select(_ => reader.ReadInt32())]);
            else
                arrays.Add(name, (double[])[.. Enumerable.Range(0, length).Select(_ => reader.ReadDouble())]);
        }

        return arrays;
    }

    private void AddArray(string name, Array values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        if (_matrices.ContainsKey(name) || !_arrays.TryAdd(name, values))
            throw new ArgumentException($"There is an array '{name}' already.", nameof(name));
    }

    private T[] Find<T>(string name) => _arrays.TryGetValue(name, out Array? values) && values is T[] found
        ? found
        : throw new ArgumentException($"There is no array '{name}' of type {typeof(T).Name}.");
}
