using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Onnx;
using Microsoft.Win32.SafeHandles;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>
/// What <c>plan</c> writes, as <c>manifest.json</c> in a folder of its own: everything that a shard depends on. Its
/// SHA-256 stands in every part.
/// </summary>
/// <param name="Version">The version of certiflip that planned; every shard and the merge need the same.</param>
/// <param name="KernelContract">
/// Which bits computed numbers have. Every processor that this version runs on gives the same within one contract.
/// </param>
/// <param name="Folder">The folder that relative paths start from: where <c>plan</c> was run.</param>
/// <param name="Command">The command that is shared out, word by word, without <c>certiflip</c>.</param>
/// <param name="Inputs">The files that it reads.</param>
/// <param name="Model">
/// The training data with the fitted head, which the plan keeps as the file <c>model</c>; left out where there is none.
/// </param>
/// <param name="Stages">What is done, one stage after the other: each begins when the one before is whole.</param>
internal sealed record PlanManifest(
    string Version, int KernelContract, string Folder, IReadOnlyList<string> Command, IReadOnlyList<PlanInput> Inputs,
    PlanModel? Model, IReadOnlyList<PlanStage> Stages);

/// <summary>A file, or a folder of files, that a plan depends on.</summary>
/// <param name="Path">Where it is, as the command line has it.</param>
/// <param name="Bytes">How long it is; of a folder, all of its files together.</param>
/// <param name="Sha256">Its SHA-256; of a folder, that of the names, lengths and SHA-256 of its files.</param>
/// <param name="Modified">
/// When it was last changed, in universal time. If that and the length are still the same, a shard does not compute the
/// SHA-256 of more than 16 GiB, or of a folder of more than 256 MiB, again.
/// </param>
internal sealed record PlanInput(string Path, long Bytes, string Sha256, string Modified);

/// <summary>The model that a plan keeps.</summary>
/// <param name="Bytes">How long its file is.</param>
/// <param name="Sha256">The SHA-256 that its file ends with, which is that of everything before.</param>
internal sealed record PlanModel(long Bytes, string Sha256);

/// <summary>Work that is shared out.</summary>
/// <param name="Name">Its name, and that of the folder of its parts.</param>
/// <param name="Of">What it goes through: <c>test-rows</c> or <c>training-rows</c>.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="Shards">Which of them each shard does. They follow each other.</param>
internal sealed record PlanStage(string Name, string Of, int Rows, IReadOnlyList<PlanShard> Shards);

/// <summary>The rows of one shard.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Count">How many.</param>
internal sealed record PlanShard(int First, int Count);

/// <summary>A plan in its folder.</summary>
internal sealed class PlannedJob
{
    /// <summary>The kernel contract of this version.</summary>
    public const int KernelContract = Arithmetic.Contract;

    private const string ManifestName = "manifest.json", ModelName = "model";

    private const int MostShards = 1_000_000;

    private PlannedJob(string folder, PlanManifest manifest, byte[] hash) =>
        (Folder, Manifest, Hash) = (Path.GetFullPath(folder), manifest, hash);

    /// <summary>The folder, with its full path.</summary>
    public string Folder { get; }

    public PlanManifest Manifest { get; }

    /// <summary>The SHA-256 of the manifest.</summary>
    public IReadOnlyList<byte> Hash { get; }

    /// <summary>Reads the plan in a folder.</summary>
    /// <exception cref="DataException">There is none, or it is not one that this version can work on.</exception>
    public static PlannedJob Read(string folder)
    {
        string path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path))
            throw new DataException($"{folder}: there is no {ManifestName} here; expected a folder that certiflip plan wrote.");
        byte[] bytes = File.ReadAllBytes(path);
        PlanManifest manifest = PlanJson.Parse(bytes, path);
        if (manifest.Version != CommandVersion.Text)
            throw new DataException(
                $"{path}: this plan is of certiflip {manifest.Version}, and this is {CommandVersion.Text}; use the same version "
                    + "everywhere.");
        if (manifest.KernelContract != KernelContract)
            throw new DataException(
                $"{path}: this plan is for numbers of kernel contract {manifest.KernelContract}, and this certiflip has {KernelContract}.");
        return new PlannedJob(folder, manifest, SHA256.HashData(bytes));
    }

    /// <summary>Writes a plan. Where its folder holds the same plan already, everything stays.</summary>
    /// <exception cref="DataException">The folder holds something else.</exception>
    public static PlannedJob Write(string folder, PlanManifest manifest, StoredModel? model)
    {
        string path = Path.Combine(folder, ManifestName);
        if (File.Exists(path))
        {
            // What is fitted to the same data is the same.
            byte[] there = File.ReadAllBytes(path);
            manifest = manifest with { Model = PlanJson.Parse(there, path).Model };
            if (there.AsSpan().SequenceEqual(PlanJson.Of(manifest)))
                return new PlannedJob(folder, manifest, SHA256.HashData(there));
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new DataException(
                $"{folder}: this folder is not empty, and what it holds is not the same plan; name a new one, or remove it first.");
        foreach (PlanStage stage in manifest.Stages)
            Directory.CreateDirectory(Path.Combine(folder, stage.Name));
        if (model is not null)
        {
            string place = Path.Combine(folder, ModelName);
            model.Write(place);
            manifest = manifest with { Model = EndOf(place) };
        }

        byte[] bytes = PlanJson.Of(manifest);
        using var files = new OutputFiles();
        files.Add(path);
        files.WriteBytes(path, stream => stream.Write(bytes));
        files.Commit();
        return new PlannedJob(folder, manifest, SHA256.HashData(bytes));
    }

    /// <summary>Reads the model of the plan, where it keeps one.</summary>
    /// <param name="threads">How many threads may work.</param>
    /// <exception cref="NotThereYetException">It is not there.</exception>
    /// <exception cref="DataException">It is another, or damaged.</exception>
    public TrainedModel? ReadModel(int threads)
    {
        if (Manifest.Model is null)
            return null;
        string path = Path.Combine(Folder, ModelName);
        if (!File.Exists(path))
            throw new NotThereYetException($"{path}: the model of the plan is not there.");
        if (EndOf(path) != Manifest.Model)
            throw new DataException($"{path}: this is not the model of the plan; plan again.");
        return TrainedModelFile.Restore(
            StoredModel.Read(path), new ParallelOptions { MaxDegreeOfParallelism = threads },
            (kind, arrays) => OnnxRowMaps.Restore(kind, arrays, cache: null));
    }

    /// <summary>The length of a model's file, and its last bytes.</summary>
    private static PlanModel EndOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] end = new byte[Math.Min(SHA256.HashSizeInBytes, file.Length)];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        return new PlanModel(file.Length, Convert.ToHexStringLower(end));
    }

    /// <summary>Rows shared out as evenly as they can be.</summary>
    public static IReadOnlyList<PlanShard> Share(int rows, int shards) =>
        [.. Enumerable.Range(0, shards).Select(index => RangeOf(rows, index, shards))];

    /// <summary>The rows of one of several shards.</summary>
    public static PlanShard RangeOf(int rows, int index, int shards)
    {
        int first = (int)((long)rows * index / shards);
        return new PlanShard(first, (int)((long)rows * (index + 1) / shards) - first);
    }

    /// <summary>Where a part belongs.</summary>
    public string PartPath(PlanStage stage, int index) =>
        Path.Combine(Folder, stage.Name, $"{index.ToString(CultureInfo.InvariantCulture)}.part");

    /// <summary>The part of a shard.</summary>
    public JobPart Part(PlanStage stage, int index) => JobPart.Look(PartPath(stage, index), IdentityOf(stage, index));

    /// <summary>All parts of a stage, in order.</summary>
    public IEnumerable<JobPart> Parts(PlanStage stage) => Enumerable.Range(0, stage.Shards.Count).Select(index => Part(stage, index));

    /// <summary>The first part that is not there of the stages before one; null where all are.</summary>
    public string? FirstMissingBefore(PlanStage stage) => Manifest.Stages.TakeWhile(one => one != stage)
        .SelectMany(one => Enumerable.Range(0, one.Shards.Count).Select(index => PartPath(one, index)))
        .FirstOrDefault(path => !File.Exists(path));

    /// <summary>What the part of a shard begins with: of which manifest, stage and shard it is.</summary>
    public byte[] IdentityOf(PlanStage stage, int index)
    {
        byte[] numbers = new byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, Manifest.Stages.Index().First(one => one.Item == stage).Index);
        BinaryPrimitives.WriteInt32LittleEndian(numbers.AsSpan(sizeof(int)), index);
        return [.. Hash, .. numbers];
    }

    /// <summary>Goes where the plan was made, and looks whether its inputs are what they were.</summary>
    /// <param name="thoroughly">Whether every SHA-256 is computed, of large files too.</param>
    /// <exception cref="NotThereYetException">The folder or an input is not there.</exception>
    /// <exception cref="DataException">An input is another.</exception>
    public void EnterInputs(bool thoroughly)
    {
        if (!Directory.Exists(Manifest.Folder))
            throw new NotThereYetException($"{Manifest.Folder}: this folder is not there, from which the plan was made.");
        if (Path.GetFullPath(Manifest.Folder) != Environment.CurrentDirectory)
            Environment.CurrentDirectory = Manifest.Folder;
        foreach (PlanInput input in Manifest.Inputs)
        {
            if (!Path.Exists(input.Path))
                throw new NotThereYetException($"{input.Path}: this input of the plan is not there.");
            if (!PlannedInputs.IsStill(input, thoroughly))
                throw new DataException($"{input.Path}: this input has changed since the plan was made; plan again.");
        }
    }

    /// <summary>
    /// What a command reads: the files that it names, what lies beside an ONNX model and belongs to it, and
    /// certiflip.json where settings come from it.
    /// </summary>
    public static IReadOnlyList<string> InputsOf(IEnumerable<string> files) =>
    [
        .. files.Concat(UsedConfiguration.Current is { } used ? [used.File] : []).Select(file => NamedPart.Of(file).Path)
            .SelectMany(file => OnnxRowMaps.FilesBeside(file).Prepend(file)).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Looks whether the command reads what it read when it was planned, and nothing else.</summary>
    /// <exception cref="DataException">A file has come since, such as a certiflip.json.</exception>
    public void CheckInputs(IEnumerable<string> files)
    {
        var planned = Manifest.Inputs.Select(input => input.Path).ToHashSet();
        if (InputsOf(files).FirstOrDefault(path => !planned.Contains(path)) is { } stranger)
            throw new DataException(
                $"{stranger}: the command of the plan reads this file now, and did not when the plan was made; remove it, or plan again.");
    }

    /// <summary>Whether the stages of a manifest that was read are such as <c>plan</c> writes.</summary>
    internal static bool IsPlain(PlanStage stage) =>
        stage is { Name.Length: > 0 and < 100, Of: not null, Shards.Count: > 0 and <= MostShards, Rows: >= 0 }
        && stage.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
        && stage.Shards.Index().All(shard => shard.Item == RangeOf(stage.Rows, shard.Index, stage.Shards.Count));
}

/// <summary>The manifest as JSON. docs/scale.md describes it.</summary>
internal static partial class PlanJson
{
    private static readonly JsonForm<PlanManifest> Form = new("plan", 1, PlanTypes.Default);

    public static byte[] Of(PlanManifest manifest) => Encoding.UTF8.GetBytes($"{JsonText.Of(Form.Document(manifest))}\n");

    /// <summary>Reads a manifest; whatever is in it, nothing is made of it but its records.</summary>
    /// <exception cref="DataException">It is none.</exception>
    public static PlanManifest Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            PlanManifest? manifest = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<PlanManifest>)Form.Type);
            using JsonDocument document = JsonDocument.Parse(json.ToArray());
            if (manifest is { Version: not null, Folder: not null, Command.Count: > 0, Inputs: not null, Stages.Count: > 0 }
                && document.RootElement.TryGetProperty("schema", out JsonElement schema) && schema.GetString() == Form.Id
                && manifest.Command.All(word => word is not null)
                && manifest.Inputs.All(input => input is { Path.Length: > 0, Sha256.Length: 64, Modified: not null }
                    && input.Sha256.All(char.IsAsciiHexDigitLower))
                && manifest.Stages.All(PlannedJob.IsPlain)
                && manifest.Stages.Select(stage => stage.Name).Distinct().Count() == manifest.Stages.Count)
                return manifest;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new DataException($"{path}: this is no manifest of a plan: {exception.Message}", exception);
        }

        throw new DataException($"{path}: this is no manifest of a plan; expected {Form.Id} as certiflip plan writes it.");
    }

    [JsonSerializable(typeof(PlanManifest))]
    private sealed partial class PlanTypes : JsonSerializerContext;
}

/// <summary>Something is not there that may come: an input, or the part of another shard.</summary>
internal sealed class NotThereYetException(string message) : Exception(message);

/// <summary>Files and folders that a plan depends on.</summary>
internal static class PlannedInputs
{
    // A copy elsewhere can differ and have the same length and time. Files up to the first size are read in a moment,
    // and up to the second once on a node, by whoever comes first.
    private const long AlwaysHashed = 256 << 20, MostHashed = 16L << 30;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>What is to be known of one.</summary>
    /// <exception cref="DataException">It cannot be read twice.</exception>
    public static PlanInput Of(string path)
    {
        (long bytes, string modified) = Look(path);
        return new PlanInput(path, bytes, Convert.ToHexStringLower(HashOf(path)), modified);
    }

    /// <summary>Its length and when it was changed.</summary>
    public static (long Bytes, string Modified) Look(string path)
    {
        FileInfo[] files = [.. FilesOf(path)];
        DateTime modified = files.Select(file => file.LastWriteTimeUtc).DefaultIfEmpty().Max();
        return (files.Sum(file => file.Length), modified.ToString(TimeFormat, CultureInfo.InvariantCulture));
    }

    /// <summary>Whether it is what it was.</summary>
    /// <param name="input">What was known of it.</param>
    /// <param name="thoroughly">Whether its SHA-256 is computed in any case.</param>
    public static bool IsStill(PlanInput input, bool thoroughly)
    {
        (long bytes, string modified) = Look(input.Path);
        if (bytes != input.Bytes)
            return false;
        if (thoroughly || bytes <= AlwaysHashed)
            return Of(input.Path).Sha256 == input.Sha256;
        if ((bytes > MostHashed || Directory.Exists(input.Path)) && modified == input.Modified)
            return true;
        if (Directory.Exists(input.Path))
            return Of(input.Path).Sha256 == input.Sha256;
        using SafeFileHandle file = File.OpenHandle(input.Path);
        var known = VerifiedFile.Of(input.Path, file, Convert.FromHexString(input.Sha256));
        if (known is { IsVerified: true })
            return true;
        if (Of(input.Path).Sha256 != input.Sha256)
            return false;
        known?.Mark();
        return true;
    }

    private static byte[] HashOf(string path)
    {
        if (!Directory.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            return SHA256.HashData(file);
        }

        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (FileInfo file in FilesOf(path))
        {
            string name = Path.GetRelativePath(path, file.FullName).Replace('\\', '/');
            all.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\n{file.Length}\n")));
            all.AppendData(HashOf(file.FullName));
        }

        return all.GetHashAndReset();
    }

    private static IEnumerable<FileInfo> FilesOf(string path)
    {
        if (Directory.Exists(path))
        {
            return new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories)
                .OrderBy(file => file.FullName, StringComparer.Ordinal);
        }

        return FileKind.Special(path) is { } kind
            ? throw new DataException($"{path}: this is {kind}, which can be read only once; a plan needs files that every shard can read.")
            : [new FileInfo(path)];
    }
}
