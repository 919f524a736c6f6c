using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace CertiFlip.Onnx;

/// <summary>
/// Keeps the features of inputs that were mapped before, so that a second run computes nothing. A row is found by what
/// it follows from: the bytes of the model, how inputs are prepared, and the bytes of the input.
/// </summary>
/// <remarks>
/// Rows are in files of a folder, each of which appears whole or not at all and is never changed. Two processes may use
/// one folder. Each row has a checksum: one that is damaged is computed again. To empty a cache, remove its folder.
/// </remarks>
public sealed class FeatureCache
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>A cache in a folder.</summary>
    /// <param name="folder">The folder, which is made when the first row is kept.</param>
    public FeatureCache(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = Path.GetFullPath(folder);
    }

    /// <summary>
    /// The folder of the user's caches: <c>certiflip</c> in <c>XDG_CACHE_HOME</c>, or in <c>.cache</c> in the home
    /// folder; on Windows in the local application data.
    /// </summary>
    public static FeatureCache Default => new(Path.Combine(Root(), "certiflip", "features"));

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The rows of one map.</summary>
    /// <param name="map">All that the map's rows follow from but for the input.</param>
    /// <param name="columns">k.</param>
    internal Rows Open(string map, int columns)
    {
        string processor = $"{RuntimeInformation.ProcessArchitecture} {System.Runtime.Intrinsics.X86.Avx2.IsSupported} "
            + $"{System.Runtime.Intrinsics.X86.Avx512F.IsSupported} {System.Runtime.Intrinsics.X86.AvxVnni.IsSupported}";
        string all = $"{map}\n{columns}\n{OrtEnv.Instance().GetVersionString()}\n{processor}";
        return new Rows(Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))), columns);
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set))
            return set;
        return OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
    }

    /// <summary>The kept rows of one map. Rows may be looked up and added from many threads.</summary>
    /// <remarks>
    /// A file begins with a mark and k. Each row is 32 bytes that name the input, k float32 numbers and a checksum of
    /// both, little-endian.
    /// </remarks>
    internal sealed class Rows : IDisposable
    {
        private const string Extension = ".rows", Temporary = ".tmp";
        private const int Name = SHA256.HashSizeInBytes, Checksum = sizeof(ulong), Head = 12;

        // So many bytes at a time get their name: a run that is killed loses no more.
        private const long Piece = 32 << 20;
        private readonly string _folder;
        private readonly int _columns, _length;
        private readonly Dictionary<UInt128, (FileStream File, long At)> _places = [];
        private readonly List<FileStream> _files = [];
        private readonly Lock _gate = new();
        private FileStream? _added;

        public Rows(string folder, int columns)
        {
            (_folder, _columns, _length) = (folder, columns, Name + columns * sizeof(float) + Checksum);
            if (!Directory.Exists(folder))
                return;
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => (file.LastWriteTimeUtc, file.Name)))
            {
                if (file.Extension == Extension)
                    Index(file);
                else if (file.Extension == Temporary && DateTime.UtcNow - file.LastWriteTimeUtc > Abandoned)
                    Try(file.Delete);
            }
        }

        private static ReadOnlySpan<byte> Mark => "CFROWS1\n"u8;

        /// <summary>Looks a row up.</summary>
        /// <param name="name">SHA-256 of the input.</param>
        /// <param name="row">Receives it.</param>
        /// <returns>Whether it was kept and is whole.</returns>
        public bool TryGet(ReadOnlySpan<byte> name, Span<float> row)
        {
            if (!_places.TryGetValue(KeyOf(name), out (FileStream File, long At) place))
                return false;
            byte[] record = new byte[_length];
            try
            {
                if (RandomAccess.Read(place.File.SafeFileHandle, record, place.At) != _length)
                    return false;
            }
            catch (IOException)
            {
                return false;
            }

            int end = _length - Checksum;
            if (!record.AsSpan(0, Name).SequenceEqual(name)
                || BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(end)) != XxHash3.HashToUInt64(record.AsSpan(0, end)))
            {
                return false;
            }

            MemoryMarshal.Cast<byte, float>(record.AsSpan(Name, _columns * sizeof(float))).CopyTo(row);
            return true;
        }

        /// <summary>Keeps a row. Where that cannot be done, as on a full disk, it is not kept.</summary>
        /// <param name="name">SHA-256 of the input.</param>
        /// <param name="row">k numbers.</param>
        public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<float> row)
        {
            byte[] record = new byte[_length];
            name.CopyTo(record);
            MemoryMarshal.AsBytes(row).CopyTo(record.AsSpan(Name));
            int end = _length - Checksum;
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(end), XxHash3.HashToUInt64(record.AsSpan(0, end)));
            lock (_gate)
            {
                Try(() =>
                {
                    _added ??= Begin();
                    _added.Write(record);
                    if (_added.Length >= Piece)
                        Commit();
                });
            }
        }

        public void Dispose()
        {
            lock (_gate)
                Try(Commit);
            foreach (FileStream file in _files)
                file.Dispose();
        }

        private FileStream Begin()
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(_folder);
            else
                Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var file = new FileStream(Path.Combine(_folder, Guid.NewGuid().ToString("N") + Temporary), FileMode.CreateNew);
            file.Write(Mark);
            file.Write(BitConverter.GetBytes(_columns));
            return file;
        }

        private void Commit()
        {
            if (_added is not { } file)
                return;
            _added = null;
            string temporary = file.Name;
            using (file)
                file.Flush(flushToDisk: true);
            File.Move(temporary, Path.ChangeExtension(temporary, Extension));
        }

        private void Index(FileInfo info)
        {
            Try(() =>
            {
                var file = new FileStream(
                    info.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
                _files.Add(file);
                byte[] head = new byte[Math.Max(Head, Name)];
                if (RandomAccess.Read(file.SafeFileHandle, head.AsSpan(0, Head), 0) != Head || !head.AsSpan().StartsWith(Mark)
                    || BitConverter.ToInt32(head, Mark.Length) != _columns)
                {
                    return;
                }

                for (long at = Head; at + _length <= file.Length; at += _length)
                {
                    RandomAccess.Read(file.SafeFileHandle, head.AsSpan(0, Name), at);
                    _places[KeyOf(head)] = (file, at); // Of two the later: it was computed because the first was damaged.
                }
            });
        }

        private static UInt128 KeyOf(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt128LittleEndian(name);

        private static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
        }
    }
}

/// <summary>Computes the rows of a matrix, each by itself, in parallel, and keeps them.</summary>
internal static class MappedRows
{
    /// <summary>Maps inputs.</summary>
    /// <typeparam name="T">What an input is.</typeparam>
    /// <param name="inputs">n inputs.</param>
    /// <param name="columns">k.</param>
    /// <param name="kept">What was kept, or null.</param>
    /// <param name="load">Loads the bytes of an input, by which it is kept.</param>
    /// <param name="compute">Computes a row from an input and its bytes, on any thread.</param>
    /// <param name="progress">Is told of each row.</param>
    /// <param name="parallel">How many threads may work, and when to stop.</param>
    public static FeatureMatrix Compute<T>(
        IReadOnlyList<T> inputs, int columns, FeatureCache.Rows? kept, Func<T, byte[]> load, RowComputation<T> compute,
        IProgress<int>? progress, ParallelOptions? parallel)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if ((long)inputs.Count * columns > Array.MaxLength)
            throw new ArgumentException($"{inputs.Count} rows of {columns} features do not fit in one array.", nameof(inputs));
        float[] features = new float[inputs.Count * columns];
        (int Row, Exception Problem)? first = null;
        Lock gate = new();

        // A failure ends the loop, but rows before it are still tried: the message is that of the first row that fails.
        var options = new ParallelOptions
        {
            CancellationToken = parallel?.CancellationToken ?? CancellationToken.None,
            MaxDegreeOfParallelism = parallel?.MaxDegreeOfParallelism is > 0 and var threads ? threads : Environment.ProcessorCount,
        };
        Parallel.For(0, inputs.Count, options, (row, state) =>
        {
            try
            {
                Span<float> mapped = features.AsSpan(row * columns, columns);
                byte[] bytes = load(inputs[row]);
                byte[] name = kept is null ? [] : SHA256.HashData(bytes);
                if (kept?.TryGet(name, mapped) != true)
                {
                    compute(inputs[row], bytes, mapped);
                    kept?.Add(name, mapped);
                }

                progress?.Report(1);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                lock (gate)
                {
                    if (first is null || row < first.Value.Row)
                        first = (row, e);
                }

                state.Break();
            }
        });
        if (first is { } failed)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed.Problem);
        return new FeatureMatrix(inputs.Count, columns, features);
    }

    /// <summary>Computes a row from an input and its bytes.</summary>
    public delegate void RowComputation<in T>(T input, byte[] bytes, Span<float> row);
}
