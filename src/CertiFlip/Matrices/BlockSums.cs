namespace CertiFlip.Matrices;

/// <summary>
/// Sums over rows that do not depend on who added up what: each block of 65,536 rows is summed by itself, and blocks
/// are added up as a fixed binary tree by their numbers. One process, any number of threads and any number of workers
/// get the same bits. Up to 65,536 rows are one block: a plain sum.
/// </summary>
/// <remarks>
/// What stands next to each other in the tree is added as soon as both are known, so that a worker of successive blocks
/// keeps few arrays. Partial sums are written, read and added to others in any order.
/// </remarks>
internal sealed class BlockSums
{
    /// <summary>Rows of a block, unless a test asks for another number.</summary>
    public const int BlockRows = 1 << 16;

    private const int MostLevels = 31;

    private readonly Dictionary<(int Level, int Index), double[]> _sums = [];
    private readonly int _length;
    private readonly BlockRule _rule;

    /// <summary>No sums yet.</summary>
    /// <param name="blocks">How many blocks there are, all workers' together, at least 1.</param>
    /// <param name="length">How many numbers are summed.</param>
    /// <param name="rule">What is made of two sums.</param>
    public BlockSums(int blocks, int length, BlockRule rule = BlockRule.Sum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        (Blocks, _length, _rule) = (blocks, length, rule);
    }

    /// <summary>How many blocks there are, all workers' together.</summary>
    public int Blocks { get; }

    /// <summary>How many blocks so many rows are, the last of which may be short.</summary>
    public static int CountOf(int rows, int blockRows = BlockRows) => (int)(((long)rows + blockRows - 1) / blockRows);

    /// <summary>Sums of all rows by one process.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="length">How many numbers are summed.</param>
    /// <param name="addRows">Adds the numbers of some rows, given by the first and their count, to sums.</param>
    /// <param name="rule">What is made of two sums.</param>
    public static double[] Of(int rows, int length, Action<int, int, double[]> addRows, BlockRule rule = BlockRule.Sum)
    {
        var sums = new BlockSums(Math.Max(1, CountOf(rows)), length, rule);
        sums.AddRows(rows, 0, sums.Blocks, BlockRows, addRows);
        return sums.Total();
    }

    /// <summary>Sums of all rows, several blocks at a time, each with sums of its own.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="length">How many numbers are summed.</param>
    /// <param name="parallel">How many threads may work; the sums do not depend on it.</param>
    /// <param name="addRows">Adds the numbers of some rows, given by the first and their count, to sums.</param>
    public static double[] InParallel(int rows, int length, ParallelOptions parallel, Action<int, int, double[]> addRows)
    {
        var sums = new BlockSums(Math.Max(1, CountOf(rows)), length);
        Parallel.For(0, sums.Blocks, parallel, block =>
        {
            double[] own = new double[length];
            int first = block * BlockRows;
            addRows(first, Math.Min(BlockRows, rows - first), own);
            lock (sums)
                sums.Add(block, own);
        });
        return sums.Total();
    }

    /// <summary>Sums up some blocks, one after the other.</summary>
    /// <param name="rows">How many rows there are in all.</param>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="blockRows">Rows of a block.</param>
    /// <param name="addRows">Adds the numbers of some rows, given by the first and their count, to sums.</param>
    public void AddRows(int rows, int firstBlock, int blocks, int blockRows, Action<int, int, double[]> addRows)
    {
        for (int block = firstBlock; block < firstBlock + blocks; block++)
        {
            double[] sums = new double[_length];
            int first = block * blockRows;
            addRows(first, Math.Min(blockRows, rows - first), sums);
            Add(block, sums);
        }
    }

    /// <summary>Adds the sums of a block. The array is kept, and changed.</summary>
    /// <exception cref="ArgumentException">The block was added before, or is none.</exception>
    public void Add(int block, double[] sums) => Add(0, block, sums);

    /// <summary>Adds what another worker summed up. Its arrays are kept, and changed.</summary>
    /// <exception cref="ArgumentException">It is of another kind, or a block was added before.</exception>
    public void Add(BlockSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Blocks != Blocks || other._length != _length || other._rule != _rule)
            throw new ArgumentException("These are sums of something else.", nameof(other));
        foreach (((int level, int index), double[] sums) in other._sums)
            Add(level, index, sums);
    }

    /// <summary>The sums of all blocks.</summary>
    /// <exception cref="InvalidOperationException">A block is missing.</exception>
    public double[] Total() => _sums.Count == 1 && _sums.TryGetValue((LevelOfRoot, 0), out double[]? all)
        ? all
        : throw new InvalidOperationException($"Only {CountOfAdded} of {Blocks} blocks are summed up.");

    /// <summary>Writes what is summed up so far.</summary>
    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Blocks);
        writer.Write(_length);
        writer.Write((byte)_rule);
        writer.Write(_sums.Count);
        foreach (((int level, int index), double[] sums) in _sums.OrderBy(sum => (long)sum.Key.Index << sum.Key.Level))
        {
            writer.Write((byte)level);
            writer.Write(index);
            foreach (double sum in sums)
                writer.Write(sum);
        }
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">
    /// These are sums of something else, or of blocks that were added before.
    /// </exception>
    /// <exception cref="EndOfStreamException">Something is missing.</exception>
    public void Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.ReadInt32() != Blocks || reader.ReadInt32() != _length || reader.ReadByte() != (byte)_rule)
            throw new InvalidDataException("These are sums of something else.");
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            int level = reader.ReadByte(), index = reader.ReadInt32();
            double[] sums = new double[_length];
            for (int place = 0; place < sums.Length; place++)
            {
                sums[place] = reader.ReadDouble();
                if (!double.IsFinite(sums[place]))
                    throw new InvalidDataException($"{sums[place]} is no sum.");
            }

            try
            {
                Add(level, index, sums);
            }
            catch (ArgumentException exception)
            {
                throw new InvalidDataException(exception.Message, exception);
            }
        }
    }

    private int LevelOfRoot
    {
        get
        {
            int level = 0;
            while (1L << level < Blocks)
                level++;
            return level;
        }
    }

    private long CountOfAdded => _sums.Keys.Sum(key => Math.Min(Blocks, (key.Index + 1L) << key.Level) - ((long)key.Index << key.Level));

    private void Add(int level, int index, double[] sums)
    {
        if (sums.Length != _length)
            throw new ArgumentException($"There are {sums.Length} numbers, but {_length} are summed.", nameof(sums));
        if (level is < 0 or > MostLevels || index < 0 || (long)index << level >= Blocks)
            throw new ArgumentException($"There is no sum {index} of level {level} among {Blocks} blocks.");
        if (_sums.Keys.Any(key => index >> Math.Max(0, key.Level - level) == key.Index >> Math.Max(0, level - key.Level)))
            throw new ArgumentException($"Block {(long)index << level} was summed up twice.");

        for (int root = LevelOfRoot; level < root; level++, index >>= 1)
        {
            int sibling = index ^ 1;
            if ((long)sibling << level >= Blocks)
                continue; // Nothing stands beside the last sum of a level: it is that of the next as it is.
            if (!_sums.Remove((level, sibling), out double[]? other))
                break;
            sums = sibling < index ? Joined(other, sums) : Joined(sums, other);
        }

        _sums.Add((level, index), sums);
    }

    private double[] Joined(double[] left, double[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            left[i] = _rule switch
            {
                BlockRule.Sum => left[i] + right[i],
                BlockRule.Largest => Math.Max(left[i], right[i]),
                _ => throw new InvalidOperationException(),
            };
        }

        return left;
    }
}

/// <summary>What is made of the numbers of two blocks.</summary>
internal enum BlockRule
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The larger one.</summary>
    Largest,
}
