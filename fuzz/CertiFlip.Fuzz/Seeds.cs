using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using CertiFlip.Data;
using CertiFlip.Features;
using CertiFlip.Features.Images;
using CertiFlip.Features.Text;
using CertiFlip.Heads;
using Parquet;
using Parquet.Schema;
using SkiaSharp;

namespace CertiFlip.Fuzz;

/// <summary>
/// Small inputs, made by the project's own writers where there is one. They are the same in every run.
/// </summary>
internal static class Seeds
{
    private static readonly byte[] Ones = [0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly float[] ListValues = [1, 2, 3, 4];
    private static readonly int[] Repetitions = [0, 1, 0, 1];

    public static string[] SomeTexts { get; } = ["one two three", "Two three, three!", "three one four", "five", "", "one 2 one"];

    public static IReadOnlyList<byte[]> Npy { get; } =
    [
        NpyOf(Numbers(4, 3)),
        Header("'<f4'", "(2, 2)", new byte[16]),
        Header("'>i2'", "(3, 1)", [0, 1, 0, 2, 0, 3]),
        Header("'|u1'", "(2, 2, 3)", new byte[12]),
        Header("'<U2'", "(2,)", Encoding.UTF32.GetBytes("ab\0cd"[..4])),
        Header("'|b1'", "(4,)", [1, 0, 1, 0]),
        Header("'<i8'", "(4,)", [.. new long[] { 1, 0, 1, 7 }.SelectMany(BitConverter.GetBytes)]),
    ];

    public static IReadOnlyList<byte[]> Images { get; } =
    [
        Header("'|u1'", "(2, 3, 4)", [.. Enumerable.Range(0, 24).Select(i => (byte)i)]),
        Header("'<f4'", "(1, 2, 2, 3)", new byte[48]),
        [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8],
    ];

    public static IReadOnlyList<byte[]> Idx { get; } =
    [
        [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8],
        [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 2, 1],
        [0, 0, 13, 2, 0, 0, 0, 1, 0, 0, 0, 2, 63, 128, 0, 0, 0, 0, 0, 0],
    ];

    public static IReadOnlyList<byte[]> Csv { get; } =
    [
        Utf8("x,y,label\n1,2.5,a\n-0.5,1e-3,b\n3,4,a\n2,2,b\n0,1,a\n"),
        Utf8("row,\"a \"\"b\"\"\",label\r\n0,1,ham\r\n1,2,\"spam, eggs\"\r\n"),
        Utf8("1,2\n3,4\n"),
    ];

    public static IReadOnlyList<byte[]> Tsv { get; } = [Utf8("x\ty\tlabel\n1\t2.5\ta\n-0.5\t1e-3\tb\n"), Utf8("x\ty\n1\t2\n")];

    public static IReadOnlyList<byte[]> TextTables { get; } =
    [
        Utf8("5.1,3.5,a\n4.9,,b\n?,3,a\n"),
        Utf8("  5.1   3.5 a \n4.9\t3 \"b c\"\n"),
        Utf8("a;b;c\n1,5;[1, 2];x\n2,5;[3 4];y\n"),
        Utf8("ham\tOk \"lar\nspam\tFree, entry\n"),
        Utf8("|1x3 comment\n1, x, <=50K.\n2, y, >50K.\n"),
    ];

    public static IReadOnlyList<byte[]> Json { get; } =
    [
        Utf8("{\"a\": 1, \"t\": \"x\", \"e\": [1, 2.5]}\n{\"a\": null, \"t\": \"y\", \"e\": [3, 4], \"m\": {\"k\": true}}\n"),
        Utf8("[{\"a\": 1}, {\"b\": \"x\"}]"),
    ];

    public static IReadOnlyList<byte[]> Sparse { get; } = [Utf8("+1 1:0.5 3:2\n-1 qid:2 2:1 # no\n"), Utf8("1 0:1\n2\n")];

    /// <summary>A table by xz, bzip2 and zstd, made by those programs; and in an archive.</summary>
    public static IReadOnlyList<byte[]> Packed { get; } =
    [
        Convert.FromBase64String("/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAPYSxsYWJlbAoxLHgKMix5CgAEK0EM7HsoqwABKBDlC2xgH7bzfQEAAAAABFla"),
        Convert.FromBase64String("QlpoOTFBWSZTWQ5zAxAAAARZgAAQAAQwADIEAGAgADEAMCAMIUyCJGpufF3JFOFCQDnMDEA="),
        Convert.FromBase64String("KLUv/QRYgQAAYSxsYWJlbAoxLHgKMix5CgFc5Vg="),
        Zip(("data.csv", Csv[0])),
    ];

    /// <summary>A table of a text with a gap, numbers and lists, by the library that reads it.</summary>
    public static IReadOnlyList<byte[]> Parquet { get; } = [ParquetOf()];

    /// <summary>A small picture in each format that is written here, and a bitmap.</summary>
    public static IReadOnlyList<byte[]> Pictures { get; } =
    [
        .. new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp }.Select(Picture),
        [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 9, 8, 7, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B],
        [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24], 3, 2, 1, 0],
    ];

    /// <summary>Archives of images in two folders, and in none.</summary>
    public static IReadOnlyList<byte[]> Archives { get; } = [Tar("a/1.png", "b/2.jpg", "README"), Tar("1.png", ".hidden", "2.bmp")];

    /// <summary>A model that multiplies three numbers by weights in the file w.bin.</summary>
    public static IReadOnlyList<byte[]> Onnx { get; } =
    [
        Convert.FromBase64String(
            "CAc6aQoOCgF4CgF3EgF5IgNNdWwSAWcqKggDEAFCAXdqEQoIbG9jYXRpb24SBXcuYmluagwKBmxlbmd0aBICMTJwAVoTCgF4Eg4KDAgBEggKAggBCgIIA2IT"
            + "CgF5Eg4KDAgBEggKAggBCgIIA0ICEA1yDwoKaW5wdXRfbWVhbhIBMA=="),
    ];

    /// <summary>Tokenizers of both kinds that are known.</summary>
    public static IReadOnlyList<byte[]> Tokenizers { get; } =
    [
        Utf8("""
            {"added_tokens": [{"id": 1, "content": "[CLS]", "lstrip": true}], "normalizer": {"type": "BertNormalizer", "lowercase": true},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 1], "sep": ["[SEP]", 2]},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
               "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "one": 3, "##t": 4, "t": 5}}}
            """),
        Utf8("""
            {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": true},
             "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
               "special_tokens": {"<s>": {"ids": [0]}}},
             "truncation": {"max_length": 7}, "padding": {"pad_id": 1},
             "model": {"type": "BPE", "vocab": {"<s>": 0, "o": 1, "n": 2, "on": 3, "one": 4, "e": 5}, "merges": ["o n", ["on", "e"]]}}
            """),
    ];

    public static IReadOnlyList<byte[]> Texts { get; } =
        [Utf8("text,label\n\"one, two\",a\nthree,b\n"), Utf8("text\none\n\"t\"\"wo\"\n")];

    public static IReadOnlyList<byte[]> Lines { get; } =
        [Utf8("one two\nthree\r\n\nvier äöü 漢字\n"), Utf8("one"), [0, 1, 2, 200, 255, 10, 13, 10]];

    public static IReadOnlyList<byte[]> WordVectors { get; } =
    [
        Utf8("one 1 2 3\ntwo 0.5 -1 1e-3\n"),
        Utf8("2 3\none 1 2 3\ntwo 4 5 6\n"),
        [.. Utf8("2 2\none "), .. Floats(1, 2), .. Utf8("\ntwo "), .. Floats(3, 4), .. Utf8("\n")],
    ];

    public static IReadOnlyList<byte[]> Labels { get; } =
        [Utf8("label\na\nb\na\n"), Utf8("label\n1\n01\n2.0\n1e3\n"), Utf8("row,label\n1,x\n0,y\n"), Utf8("ham\nspam\n")];

    public static IReadOnlyList<byte[]> Costs { get; } = [Utf8("cost\n1\n2\n3\n1\n1\n"), Utf8("row,cost\n4,1\n3,2\n2,3\n1,4\n0,5\n")];

    public static IReadOnlyList<byte[]> Trusted { get; } = [Utf8("row\n0\n4\n"), Utf8("row,label\n1,a\n2,b\n")];

    public static IReadOnlyList<byte[]> Corrections { get; } =
    [
        Utf8("row,label,correct_label\n0,a,b\n4,a,\n"),
        Utf8("\uFEFFrow;label;suggested_label;lead;correct_label\n1;b;a;0,5;'b\n"),
    ];

    public static IReadOnlyList<byte[]> Votes { get; } =
    [
        Utf8("item,annotator,label\n0,x,a\n0,y,b\n1,x,b\n2,x,a\n3,x,b\n4,y,a\n4,x,\n"),
    ];

    public static IReadOnlyList<byte[]> Npz { get; } =
    [
        Zip(("X.npy", Npy[0]), ("y.npy", Npy[^1])),
        Zip(("X.npy", Npy[1])),
        Zip(("X.npy", Npy[0]), ("X.npy", Npy[1])),
        Zip64("X.npy", Npy[0]),
    ];

    public static IReadOnlyList<byte[]> Gz { get; } =
    [
        Gzip(Csv[0]),
        [.. Gzip(Csv[0]), .. Gzip(Utf8("4,5,b\n"))],
        Gzip(Utf8($"x,label\n{string.Concat(Enumerable.Repeat("1,a\n", 20_000))}1,b\n")),
    ];

    /// <summary>Feature maps of every kind, without the checksum.</summary>
    public static IReadOnlyList<byte[]> Maps { get; } =
    [
        Body(StoredModel.Of(StandardScaler.Fit(Numbers(6, 3)))),
        Body(StoredModel.Of(new Normalizer(3))),
        Body(StoredModel.Of(new PowerNormalisation(3))),
        Body(StoredModel.Of(PrincipalComponents.Fit(Numbers(6, 4), new PrincipalComponentsOptions { Components = 2, Whitening = 0.5 }))),
        Body(StoredModel.Of(Nystroem.Fit(Numbers(6, 3)))),
        Body(StoredModel.Of(SpectralFeatures.FitTransform(
            Numbers(12, 3), new SpectralFeaturesOptions { Components = 2, Neighbours = 3, Directions = 2 }).Map)),
        Body(StoredModel.Of(PatchFeatures.Fit(
            Numbers(4, 36), new ImageShape(6, 6), new PatchFeaturesOptions { PatchSize = 3, Centres = 3, Regions = 2, Samples = 40 }))),
        Body(StoredModel.Of(LatentSemantics.Fit(SomeTexts, new LatentSemanticsOptions { Components = 2 }))),
        Body(StoredModel.Of(DocumentVectors.Fit(SomeTexts, new DocumentVectorsOptions { Components = 2, Epochs = 1 }))),
        Body(StoredModel.Of(new AveragedWordVectors(new WordVectors(["one", "two"], 2, [1, 2, 3, -0.5f])))),
        Body(StoredModel.Of(ConvolutionalNetwork.Fit(
            Numbers(4, 320), new ImageShape(16, 20), new ClassLabels([0, 1, 0, 1], 2),
            new ConvolutionalNetworkOptions { Features = 1, Epochs = 1 }))),
    ];

    /// <summary>Trained models with every head, without the checksum.</summary>
    public static IReadOnlyList<byte[]> Classifiers { get; } =
    [
        .. from text in (string[])["ridge", "saturated-ridge", "knn:3", "kernel", "kernel:0.5"]
           from size in ((int N, int K)[])[(7, 3), (4, 6)]
           select Body(TrainedModelFile.Store(TrainedModel.Fit(Labelled(size.N, size.K), HeadChoice.TryParse(text)!))),
        Body(TrainedModelFile.Store(TrainedModel.Fit(
            Labelled(9, 2), new RidgeHeadChoice { Ridge = RidgeChoice.Paper, Intercept = Intercept.None }, 0.1))),
        Body(TrainedModelFile.Store(TrainedModel.Fit(Labelled(6, 2), HeadChoice.Default, classes: ClassList.Of("a", "b", "c")))),
    ];

    /// <summary>Numbers between −1 and 1 without a pattern.</summary>
    public static FeatureMatrix Numbers(int rows, int columns)
    {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
            values[i] = Math.Sin(i * 12.9898 + columns);
        return new FeatureMatrix(rows, columns, values);
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                ZipArchiveEntry entry = zip.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream stream = entry.Open();
                stream.Write(content);
            }
        }

        return file.ToArray();
    }

    /// <summary>
    /// An archive with sizes of 64 bits, as NumPy writes them for large arrays; .NET does so for those alone.
    /// </summary>
    private static byte[] Zip64(string name, byte[] content)
    {
        byte[] letters = Utf8(name), crc = Crc32.Hash(content), length = BitConverter.GetBytes(content.LongLength);
        byte[] common = [45, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x28, .. crc, .. Ones, .. Ones, (byte)letters.Length, 0];
        byte[] local = [.. "PK\x03\x04"u8, .. common, 20, 0, .. letters, 1, 0, 16, 0, .. length, .. length];
        byte[] entry =
        [
            .. "PK\x01\x02"u8, 45, 0, .. common, 28, 0, .. new byte[10], .. Ones, .. letters,
            1, 0, 24, 0, .. length, .. length, .. new byte[8],
        ];
        byte[] end =
        [
            .. "PK\x05\x06"u8, 0, 0, 0, 0, 1, 0, 1, 0,
            .. BitConverter.GetBytes(entry.Length), .. BitConverter.GetBytes(local.Length + content.Length), 0, 0,
        ];
        return [.. local, .. content, .. entry, .. end];
    }

    public static byte[] Gzip(byte[] content)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
            gzip.Write(content);
        return file.ToArray();
    }

    private static Dataset Labelled(int rows, int columns) => new(Numbers(rows, columns), "seed")
    {
        FeatureNames = [.. Enumerable.Range(0, columns).Select(i => $"x{i}")],
        Labels = [.. Enumerable.Range(0, rows).Select(row => row % 3 == 1 ? "a" : "b")],
    };

    private static byte[] Body(StoredModel model)
    {
        using var stream = new MemoryStream();
        model.Write(stream);
        return stream.ToArray()[..^SHA256.HashSizeInBytes];
    }

    private static byte[] NpyOf(FeatureMatrix matrix)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, matrix);
        return stream.ToArray();
    }

    private static byte[] Header(string type, string shape, byte[] data)
    {
        byte[] text = Encoding.ASCII.GetBytes($"{{'descr': {type}, 'fortran_order': False, 'shape': {shape}, }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. data];
    }

    private static byte[] Floats(params float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private static byte[] Picture(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(9, 7);
        bitmap.Erase(new SKColor(200, 100, 50));
        using SKData data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    private static byte[] Tar(params string[] names)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, leaveOpen: true))
        {
            foreach (string name in names)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1, 2, 3]) });
        }

        return content.ToArray();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] ParquetOf()
    {
        var schema = new ParquetSchema(
            new DataField<string>("text"), new DataField<int?>("n"), new ListField("list", new DataField<float>("element", false)));
        DataField[] fields = schema.GetDataFields();
        using var file = new MemoryStream();
        Write().GetAwaiter().GetResult();
        return file.ToArray();

        async Task Write()
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(fields[0], new[] { "é", null! });
            await group.WriteAsync<int>(fields[1], new int?[] { null, 3 });
            int level = fields[2].MaxDefinitionLevel;
            await group.WriteAllPartsAsync<float>(
                fields[2], ListValues, Enumerable.Repeat(level, ListValues.Length).ToArray(), Repetitions, CancellationToken.None);
        }
    }
}
