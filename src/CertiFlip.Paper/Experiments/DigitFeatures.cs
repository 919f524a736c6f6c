using System.Globalization;
using CertiFlip.Data.Models;
using CertiFlip.Features.Images;
using CertiFlip.Paper.Sources;

namespace CertiFlip.Paper.Experiments;

/// <summary>Ones and sevens under a convolutional network that was trained on the other eight digits.</summary>
/// <param name="Split">Features of all ones (class 0) and sevens (class 1).</param>
/// <param name="Name">What they were made from and how: part of the key of kept results.</param>
/// <param name="NetworkAccuracy">The part of the other digits' test rows that the network classifies rightly.</param>
internal sealed record DigitFeatures(LabelledSplit Split, string Name, double NetworkAccuracy)
{
    private const int Zeros = 1;
    private const int Ones = 7;
    private const int Pixels = 28;

    private static readonly int[] Others = [.. Enumerable.Range(0, 10).Where(digit => digit is not (Zeros or Ones))];

    public static DigitFeatures Of(ExperimentRun run)
    {
        run.Progress.Report("reading MNIST");
        var digits = Mnist.Read(run.Data);
        string name = string.Create(CultureInfo.InvariantCulture, $"convolutional network, {run.Options.Epochs} epochs, seed {run.Options.Seed}");
        string[] key = [name, .. run.Data.Used.Select(file => file.Sha256)];
        var network = new Lazy<ConvolutionalNetwork>(() => run.Stages.Get("network", key, () => Train(digits, run)).Restore<ConvolutionalNetwork>());
        Mnist pair = digits.Only(digit => !Others.Contains(digit)), others = digits.Only(Others.Contains);
        LabelledSplit split = run.Split("features", [name], () => new LabelledSplit(pair.Training, Classes(pair.TrainingDigits), pair.Test, Classes(pair.TestDigits))
            .Mapped(images => network.Value.Transform(images, run.Parallel)));
        int[] predicted = network.Value.Predict(others.Test, run.Parallel);
        return new DigitFeatures(split, name, predicted.Where((digit, row) => Others[digit] == others.TestDigits[row]).Count() / (double)predicted.Length);
    }

    private static int[] Classes(int[] digits) => [.. digits.Select(digit => digit == Zeros ? 0 : 1)];

    private static StoredModel Train(Mnist digits, ExperimentRun run)
    {
        Mnist others = digits.Only(Others.Contains);
        var labels = new ClassLabels([.. others.TrainingDigits.Select(digit => Array.IndexOf(Others, digit))], Others.Length);
        var options = new ConvolutionalNetworkOptions { Epochs = run.Options.Epochs, Seed = run.Options.Seed };
        IProgress<int> done = run.Progress.ReportCount("training a network on the other eight digits:", labels.Count * options.Epochs, "images");
        return StoredModel.Of(ConvolutionalNetwork.Fit(others.Training, new ImageShape(Pixels, Pixels), labels, options, done, run.Parallel));
    }
}
