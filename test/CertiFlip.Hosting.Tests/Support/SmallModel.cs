using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Hosting.Tests.Support;

/// <summary>Models of a few rows with two features, and what they say of one row.</summary>
internal static class SmallModel
{
    /// <summary>A body that asks for one row.</summary>
    public const string Request = "{\"rows\": [[0.9, 0.2]]}";

    private static readonly double[] _row = [0.9, 0.2];

    /// <summary>Trains and saves; another number of rows or list of classes makes another model.</summary>
    public static string Write(TestFolder folder, string name = "model", int rows = 40, params string[] classes)
    {
        Store(rows, classes).Write(folder[name]);
        return folder[name];
    }

    /// <summary>The same as bytes of a file.</summary>
    public static byte[] Bytes(int rows, params string[] classes)
    {
        using var stream = new MemoryStream();
        Store(rows, classes).Write(stream);
        return stream.ToArray();
    }

    /// <summary>
    /// What the model of a file says of the row, computed by the library alone: its name, its class and its radii.
    /// </summary>
    public static (string Id, string Answer) Expected(string path)
    {
        var stored = StoredModel.Read(path);
        TrainedModel model = TrainedModelFile.Restore(stored);
        ClassList classes = model.Labels.Classes;
        var certifier = new Certifier(model.Head, model.Labels, new CertifierOptions { Noise = new Noise(0.1, classes.Count) });
        RowCertificates row = certifier.Certify(_row);
        string answer = string.Create(
            CultureInfo.InvariantCulture,
            $"{classes[row.Exact.Prediction]} {row.Exact.Radius} {row[CertificateKind.Tight].Radius} {row.LogFailure:R}");
        return (stored.Checksum![..16], answer);
    }

    private static StoredModel Store(int rows, string[] classes)
    {
        string[] names = classes is [] ? ["ham", "spam"] : classes;
        var random = new Random(rows);
        double[] values = new double[2 * rows];
        for (int row = 0; row < rows; row++)
            (values[2 * row], values[2 * row + 1]) = (row % names.Length * 2 - 1 + random.NextDouble() - 0.5, random.NextDouble());
        var data = new Dataset(new FeatureMatrix(rows, 2, values), "train.csv")
        {
            Labels = [.. Enumerable.Range(0, rows).Select(row => names[row % names.Length])],
        };
        return TrainedModelFile.Store(TrainedModel.Fit(data, HeadChoice.TryParse("ridge")!));
    }
}
