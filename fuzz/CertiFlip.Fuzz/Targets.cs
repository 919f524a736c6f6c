using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CertiFlip.Cli;
using CertiFlip.Columnar;
using CertiFlip.Data;
using CertiFlip.Features;
using CertiFlip.Onnx;
using Spectre.Console;

namespace CertiFlip.Fuzz;

/// <summary>Every family of files that the library and the command read.</summary>
internal static class Targets
{
    private const int LargestApplied = 1 << 12;

    // One of many words, so that time that grows faster than texts do shows.
    private static readonly string[] Texts = [.. Seeds.SomeTexts, string.Join(' ', Enumerable.Range(0, 4000).Select(i => $"word{i}"))];

    private static readonly string[] NpyWords =
        ["<f8", ">f4", "|u1", "|b1", "<U4", "|S3", "<i8", "True", "shape", "descr", "fortran_order", "(3, 2)", "(0,)", "2147483647", "-1"];

    private static readonly string[] TableWords =
        ["\"", "\r\n", "\n", ",", "\t", "label", "row", "nan", "1e400", "-0", "0x1", "\0", "\uFEFF"];

    private static readonly string[] JsonWords = ["null", "true", "[1, 2]", "{", "}", "[", "]", "1e999", "\"\"", ",", ":"];

    public static IReadOnlyList<Target> All { get; } =
    [
        new() { Name = "npy", Extension = ".npy", Seeds = Seeds.Npy, Words = NpyWords, Read = Arrays },
        new() { Name = "npz", Extension = ".npz", Seeds = Seeds.Npz, Words = NpyWords, Read = Arrays, RoomPerByte = 16_384 },
        new()
        {
            Name = "npz-array", Extension = ".npz", Seeds = [.. Seeds.Npy.Take(4)], Words = NpyWords, RoomPerByte = 16_384,
            Read = path => DatasetReader.Read(path),
            ToFile = npy => Seeds.Zip(("X.npy", npy)),
        },
        new() { Name = "idx", Extension = ".idx", Seeds = Seeds.Idx, Read = Arrays },
        new() { Name = "images", Extension = ".npy", Seeds = Seeds.Images, Words = NpyWords, Read = path => ImageReader.Read(path) },
        new() { Name = "csv", Extension = ".csv", Seeds = Seeds.Csv, Words = TableWords, Read = Table },
        new() { Name = "tsv", Extension = ".tsv", Seeds = Seeds.Tsv, Words = TableWords, Read = Table },
        new() { Name = "gz", Extension = ".csv.gz", Seeds = Seeds.Gz, Read = Table, RoomPerByte = 16_384 },
        new()
        {
            Name = "gz-content", Extension = ".csv.gz", Seeds = Seeds.Csv, Words = TableWords, Read = Table, RoomPerByte = 16_384,
            ToFile = Seeds.Gzip,
        },
        new() { Name = "text-table", Extension = ".data", Seeds = Seeds.TextTables, Words = TableWords, Read = RawTable },
        new() { Name = "json", Extension = ".json", Seeds = Seeds.Json, Words = JsonWords, Read = RawTable },
        new()
        {
            Name = "libsvm", Extension = ".libsvm", Seeds = Seeds.Sparse, Words = ["1:1", "0:1", "qid:1", "#", "2147483647:1"],
            Read = RawTable, Room = 512L << 20,
        },
        new() { Name = "packed", Extension = ".csv.xz", Seeds = Seeds.Packed, Read = RawTable, Room = 512L << 20, RoomPerByte = 16_384 },
        new()
        {
            Name = "parquet", Extension = ".parquet", Seeds = Seeds.Parquet, Words = ["PAR1"], Read = RawTable, Room = 512L << 20,
            RoomPerByte = 16_384,
        },
        new()
        {
            Name = "pictures", Extension = ".png", Seeds = Seeds.Pictures, Words = ["eXIf", "IHDR", "GIF89a", "Exif"],
            Read = path => ImageDecoder.Decode(File.ReadAllBytes(path), path), Room = 512L << 20,
        },
        new()
        {
            Name = "image-tar", Extension = ".tar", Seeds = Seeds.Archives, Words = ["ustar", "../", ".png"],
            Read = path => ImageFolder.Read(path),
        },
        new()
        {
            // The fields alone: ONNX Runtime itself is trusted with what a user names.
            Name = "onnx", Extension = ".onnx", Seeds = Seeds.Onnx, Words = ["location", "length", "offset", "../"],
            Read = path => OnnxFile.Whole(File.ReadAllBytes(path), path, _ => new byte[64]),
        },
        new()
        {
            Name = "tokenizer", Extension = ".json", Seeds = Seeds.Tokenizers, Words = [.. JsonWords, "BPE", "WordPiece", "[UNK]"],
            Read = Tokens,
        },
        new() { Name = "texts", Extension = ".csv", Seeds = Seeds.Texts, Words = TableWords, Read = path => TextListReader.Read(path) },
        new() { Name = "lines", Extension = ".txt", Seeds = Seeds.Lines, Read = path => TextListReader.Read(path) },
        new()
        {
            Name = "word-vectors", Extension = ".vec", Seeds = Seeds.WordVectors, Words = ["1 2\n", " ", "\n", "1e9"],
            Read = WordVectors,
        },
        new()
        {
            Name = "labels", Extension = ".csv", Seeds = Seeds.Labels, Words = ["label", "row", "01", "1.0", "1e999", "nan"],
            Read = Labels,
        },
        new()
        {
            Name = "costs", Extension = ".csv", Seeds = Seeds.Costs, Words = ["cost", "row", "2147483647", "0", "-1", "1e3"],
            Read = path => Certify("--costs", path),
        },
        new()
        {
            Name = "trusted", Extension = ".csv", Seeds = Seeds.Trusted, Words = ["row", "2147483648", "-1", "1.0"],
            Read = path => Certify("--trusted", path),
        },
        new()
        {
            Name = "corrections", Extension = ".csv", Seeds = Seeds.Corrections,
            Words = ["row", "label", "correct_label", "id", ";", "'", "2147483648", "-1"],
            Read = path => Certify("--apply", path),
        },
        new()
        {
            Name = "votes", Extension = ".csv", Seeds = Seeds.Votes, Words = ["item", "annotator", "label", "?", "2147483648", "-1"],
            Read = path => Certify("--votes", path, "--count", "votes", "--ignore", "label"),
        },
        new() { Name = "model-damaged", Extension = ".model", Seeds = [.. Seeds.Maps.Select(Seal)], Read = path => Map(path) },
        new()
        {
            Name = "map", Extension = ".map", Seeds = Seeds.Maps, ToFile = Seal, Read = Map, Room = 256L << 20,
            Change = ModelMutator.Change,
            Refusals = [typeof(DataException), typeof(HeadException), typeof(ArgumentException)],
        },
        new()
        {
            Name = "classifier", Extension = ".model", Seeds = Seeds.Classifiers, ToFile = Seal, Read = Classifier,
            Change = ModelMutator.Change,
            Refusals = [typeof(DataException), typeof(HeadException)],
        },
        new()
        {
            Name = "manifest", Extension = ".json", Seeds = PlanSeeds.Manifests, Read = PlanSeeds.ReadManifest,
            Words = [.. JsonWords, "\"stages\"", "\"first\": 1", "\"count\": 0", "2147483647", "../", "certiflip/plan/2"],
        },
        new() { Name = "part-damaged", Extension = ".part", Seeds = [.. PlanSeeds.Parts.Select(Seal)], Read = PlanSeeds.ReadPart },
        new() { Name = "part", Extension = ".part", Seeds = PlanSeeds.Parts, ToFile = Seal, Read = PlanSeeds.ReadPart },
        new()
        {
            Name = "fit-part", Extension = ".part", Seeds = PlanSeeds.FitParts, Read = PlanSeeds.ReadFitPart, Room = 256L << 20,
            Refusals = [typeof(DataException), typeof(HeadException), typeof(ArgumentException), typeof(ArithmeticException)],
        },
        new() { Name = "written", Extension = ".npy", Seeds = Seeds.Lines, Read = Written },
    ];

    private static byte[] Seal(byte[] body) => [.. body, .. SHA256.HashData(body)];

    /// <summary>Features, labels and images of one file: each is there or refused by itself.</summary>
    private static void Arrays(string path)
    {
        var refusals = new List<DataException>();
        foreach (Action read in (Action[])[() => DatasetReader.Read(path), () => LabelReader.Read(path), () => ImageReader.Read(path)])
        {
            try
            {
                read();
            }
            catch (DataException refusal)
            {
                refusals.Add(refusal);
                Trial.Check(refusal, path);
            }
        }

        if (refusals.Count == 3)
            throw refusals[0];
    }

    private static void Table(string path)
    {
        try
        {
            LabelReader.Read(path);
        }
        catch (DataException refusal)
        {
            Trial.Check(refusal, path);
        }

        Dataset data = DatasetReader.Read(path);
        foreach (double value in data.Features.Values)
            Trial.Hold(double.IsFinite(value), "a feature is not finite");
        if (data.HasLabels)
            data.ToTrainingSet();
    }

    /// <summary>
    /// A table of whatever columns: numbers are finite or missing, and all columns have as many rows.
    /// </summary>
    private static void RawTable(string path)
    {
        Data.Table table = new TableReader(ColumnarFormats.All).Read(path);
        Trial.Hold(table.Rows > 0, "there is no row");
        foreach (Data.TableColumn column in table.Columns)
        {
            Trial.Hold(column.Rows == table.Rows, "columns differ in length");
            foreach (double value in column is NumberColumn numbers ? numbers.Values : [])
                Trial.Hold(!double.IsInfinity(value), "a number is infinite");
        }
    }

    private static void Tokens(string path)
    {
        Tokenizer tokenizer = Tokenizer.Read(name => name == "tokenizer.json" ? File.ReadAllBytes(path) : null, path).Tokenizer;
        foreach (string text in Texts)
            tokenizer.Encode(text, most: 512);
    }

    private static void WordVectors(string path)
    {
        Features.Text.WordVectors vectors = WordVectorReader.Read(path);
        Trial.Hold(vectors.Numbers.Length == (long)vectors.Words.Count * vectors.Dimensions, "vectors are missing");
        new Features.Text.AveragedWordVectors(vectors).Transform(["one two", vectors.Words[0]]);
    }

    private static void Labels(string path)
    {
        IReadOnlyList<string> labels = LabelReader.Read(path);
        var encoding = LabelEncoding.FromTrainingLabels(labels, path);
        Trial.Hold(encoding.Encode(labels, path).All(c => c >= 0 && c < encoding.Classes.Count), "a label is of no class");
    }

    /// <summary>
    /// The command with an option that names the file: it must answer in one line, and know what is wrong.
    /// </summary>
    private static void Certify(string option, string path, params string[] others)
    {
        string data = Path.ChangeExtension(path, ".data.csv");
        File.WriteAllBytes(data, Seeds.Csv[0]);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        string[] arguments = ["certify", "--train", data, "--test", data, "--certificates", "exact", "--quiet", option, path, .. others];
        int exit = new CertiFlipCommand(console, console).RunAsync(arguments).GetAwaiter().GetResult();
        string text = output.ToString();
        Trial.Hold(!text.Contains("This is a bug in CertiFlip", StringComparison.Ordinal), text);
        Trial.Hold(exit is 0 or 1, $"exit code {exit}: {text}");
        if (exit == 1)
            throw new DataException(text.Trim());
    }

    /// <summary>A feature map is restored and maps to finite numbers, or is refused.</summary>
    private static void Map(string path)
    {
        StoredModel model = StoredModel.Read(path);
        switch (FeatureMapChoice.TryParse(model.Kind))
        {
            case NumberMapChoice choice:
                IFeatureMap map = model.Restore(choice.Restore);
                if (map.Inputs <= LargestApplied)
                    CheckFinite(map.Transform(Seeds.Numbers(3, map.Inputs)), map.Features);
                break;
            case TextMapChoice choice:
                CheckFinite(model.Restore(choice.Restore), Texts);
                break;
            case WordVectorMapChoice choice:
                CheckFinite(model.Restore(choice.Restore), Texts);
                break;
            default:
                throw new DataException($"{path}: no feature map.");
        }
    }

    private static void CheckFinite(ITextFeatureMap map, string[] texts) => CheckFinite(map.Transform(texts), map.Features);

    private static void CheckFinite(FeatureMatrix mapped, int features)
    {
        Trial.Hold(mapped.Columns == features, "there are other features than the map says");
        foreach (double value in mapped.Values)
            Trial.Hold(double.IsFinite(value), "a feature is not finite");
    }

    /// <summary>A model is refused, or its weights are finite and no radius exceeds what there is to flip.</summary>
    private static void Classifier(string path)
    {
        var one = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        TrainedModel model = TrainedModelFile.Restore(StoredModel.Read(path), one);
        int n = model.Head.TrainingRows, classes = model.Labels.ClassCount;
        FeatureMatrix tests = Seeds.Numbers(3, model.Head.Features);
        var certifier = new Certifier(model.Head, model.Labels, new CertifierOptions { Noise = new Noise(0.1, classes), Threads = 1 });
        IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(tests);

        int stride = (n + 15) / 16 * 16;
        double[] weights = new double[4 * stride];
        model.Head.ComputeWeights(tests, 0, 3, weights, stride);
        for (int row = 0; row < 3; row++)
        {
            foreach (double weight in weights.AsSpan(row * stride, n))
                Trial.Hold(double.IsFinite(weight), "a certificate was made of weights that are not finite");
            foreach (Certificate certificate in rows[row].Certificates)
            {
                Trial.Hold(certificate.Prediction >= 0 && certificate.Prediction < classes, "a prediction is of no class");
                Trial.Hold(certificate.Radius.IsAny || certificate.Radius.Budget <= n, $"{certificate.Kind}: {certificate.Radius} of {n}");
            }

            if (certifier.TryFindWitness(tests.Row(row), out Witness? witness))
                Trial.Hold(witness.Flips.Count == rows[row].Exact.Radius.Budget + 1, "a witness is not one flip more than the radius");
        }
    }

    /// <summary>What a writer writes, the reader reads: a matrix and a model made of the bytes of the file.</summary>
    private static void Written(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int columns = bytes.Length == 0 ? 1 : bytes[0] % 7 + 1, rows = bytes.Length / columns;
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.Length; i++)
            values[i] = Math.ScaleB(bytes[i] - 128, bytes[^(i / 2 + 1)] * 4 - 512);
        var matrix = new FeatureMatrix(rows, columns, values);
        if (rows > 0)
        {
            using (FileStream file = File.Create(path))
                NpyWriter.Write(file, matrix);
            Dataset read = DatasetReader.Read(path);
            Trial.Hold(read.Features.Rows == rows && read.Features.Values.SequenceEqual(values), "the matrix is another");
        }

        string[] texts = Encoding.Latin1.GetString(bytes).Split('\n');
        var model = new StoredModel("example");
        model.Add("doubles", values);
        model.Add("singles", Array.ConvertAll(values, value => (float)value));
        model.Add("integers", Array.ConvertAll(bytes, value => unchecked(value * 0x01010101)));
        model.Add("texts", texts);
        model.Write(path);
        StoredModel again = StoredModel.Read(path);
        Trial.Hold(again.Doubles("doubles").AsSpan().SequenceEqual(values), "the model's numbers are others");
        Trial.Hold(again.Singles("singles").AsSpan().SequenceEqual(model.Singles("singles")), "the model's single numbers are others");
        Trial.Hold(again.Integers("integers").AsSpan().SequenceEqual(model.Integers("integers")), "the model's integers are others");
        Trial.Hold(again.Texts("texts").SequenceEqual(texts), "the model's texts are others");
    }
}
