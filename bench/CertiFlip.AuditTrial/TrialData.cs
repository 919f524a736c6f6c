using System.Globalization;
using CertiFlip.Features;
using CertiFlip.Paper;

namespace CertiFlip.AuditTrial;

/// <summary>Data whose labels are taken for right, until the trial flips some.</summary>
internal sealed record TrialData(string Name, FeatureMatrix Training, int[] Labels, FeatureMatrix Test, int[] TestClasses, int ClassCount)
{
    public static IReadOnlyList<string> Names { get; } = ["digits", "dogfish", "mnist17", "mnist"];

    public static TrialData Read(string name, DataFolder folder) => name switch
    {
        "digits" => Digits(),
        "dogfish" => Reduced(name, Dogfish.Read(folder), 2),
        "mnist17" => Reduced(name, Mnist.Read(folder).Only(digit => digit is 1 or 7).Split(digit => digit == 1 ? 0 : 1), 2),
        _ => Reduced(name, WithTrainingRows(6000, Mnist.Read(folder).Split(digit => digit)), 10),
    };

    /// <summary>Every third row is a test row, as in the command's demo.</summary>
    private static TrialData Digits()
    {
        using var reader = new StreamReader(typeof(TrialData).Assembly.GetManifestResourceStream("digits.csv")!);
        string[] names = reader.ReadLine()!.Split(',');
        int label = Array.IndexOf(names, "label");
        double[][] rows = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        double[][] Of(bool test) => [.. rows.Where((_, row) => row % 3 == 2 == test)];
        FeatureMatrix Features(double[][] some) =>
            new(some.Length, names.Length - 1, [.. some.SelectMany(row => row.Where((_, column) => column != label))]);
        int[] Classes(double[][] some) => [.. some.Select(row => (int)row[label])];
        return new TrialData(
            "digits", Features(Of(test: false)), Classes(Of(test: false)), Features(Of(test: true)), Classes(Of(test: true)), 10);
    }

    /// <summary>Fewer training rows, spread evenly over all of them.</summary>
    private static LabelledSplit WithTrainingRows(int count, LabelledSplit split)
    {
        int[] rows = LabelledSplit.Spread(count, split.Training.Rows);
        return split with
        {
            Training = split.Training.SelectRows(rows),
            TrainingClasses = [.. rows.Select(row => split.TrainingClasses[row])],
        };
    }

    /// <summary>50 principal components, and no more test rows than a witness is looked for.</summary>
    private static TrialData Reduced(string name, LabelledSplit split, int classes)
    {
        var components = PrincipalComponents.Fit(split.Training, new PrincipalComponentsOptions { Components = 50 });
        LabelledSplit reduced = split.WithTestRows(500).Mapped(matrix => components.Transform(matrix)).WithUnitVariance();
        return new TrialData(name, reduced.Training, [.. reduced.TrainingClasses], reduced.Test, [.. reduced.TestClasses], classes);
    }
}
