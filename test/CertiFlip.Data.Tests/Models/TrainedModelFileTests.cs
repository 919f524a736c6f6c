using System.Security.Cryptography;
using CertiFlip.Certification;
using CertiFlip.Data.Models;
using CertiFlip.Heads;

namespace CertiFlip.Data.Tests.Models;

public sealed class TrainedModelFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(30, 4, "relative:1", Intercept.Fitted)]
    [InlineData(30, 4, "paper", Intercept.None)]
    [InlineData(30, 4, "fixed:0", Intercept.Fitted)]
    [InlineData(5, 9, "relative:0.3", Intercept.None)]
    [InlineData(5, 9, "relative:0.3", Intercept.Fitted)]
    public void Restored_model_certifies_to_the_same_bits(int n, int k, string ridge, Intercept intercept)
    {
        var model = TrainedModel.Fit(Data(n, k), RidgeChoice.TryParse(ridge)!, intercept, 0.2) with { LabelColumn = "verdict" };
        TrainedModel kept = Kept(model);
        Assert.Equal(Certificates(model), Certificates(kept));
        Assert.Equal((model.Head.Lambda, model.Head.DependsOnLabels, model.Ridge.Text, model.Intercept, model.Noise, model.LabelColumn),
            (kept.Head.Lambda, kept.Head.DependsOnLabels, kept.Ridge.Text, kept.Intercept, kept.Noise, kept.LabelColumn));
        Assert.Equal(model.Training.FeatureNames, kept.Training.FeatureNames);
        Assert.Equal(model.Training.Labels, kept.Training.Labels);
        Assert.Equal(model.Training.Features.Values, kept.Training.Features.Values);
    }

    [Fact]
    public void Features_that_are_32_bit_numbers_take_half_the_space()
    {
        long Length(double unit)
        {
            Dataset data = Data(400, 3);
            var features = new FeatureMatrix(400, 3, [.. data.Features.Values.ToArray().Select(value => Math.Round(1024 * value) * unit)]);
            Kept(TrainedModel.Fit(new Dataset(features, "x") { Labels = data.Labels }, RidgeChoice.Default));
            return new FileInfo(_folder["model"]).Length;
        }

        Assert.Equal(400 * 3 * sizeof(float), Length(0.1) - Length(0.25));
    }

    /// <summary>Whatever a file says, with a checksum that fits: it is a model that certifies, or it is refused by name.</summary>
    [Fact]
    public void Forged_numbers_are_refused_or_do_no_harm()
    {
        TrainedModelFile.Store(TrainedModel.Fit(Data(5, 7), RidgeChoice.Default)).Write(_folder["dual"]);
        TrainedModelFile.Store(TrainedModel.Fit(Data(9, 3), RidgeChoice.Paper)).Write(_folder["primal"]);
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] body = File.ReadAllBytes(_folder[round % 2 == 0 ? "dual" : "primal"])[..^SHA256.HashSizeInBytes];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(12, body.Length - 8);
                switch (random.Next(3))
                {
                    case 0:
                        body[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        BitConverter.TryWriteBytes(body.AsSpan(at), random.Next(2) == 0 ? int.MaxValue : -1);
                        break;
                    default:
                        BitConverter.TryWriteBytes(body.AsSpan(at), random.Next(2) == 0 ? double.NaN : 0);
                        break;
                }
            }

            string path = _folder.Write("forged", [.. body, .. SHA256.HashData(body)]);
            try
            {
                TrainedModel model = TrainedModelFile.Restore(StoredModel.Read(path));
                Certificates(model);
            }
            catch (DataException exception)
            {
                Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (HeadException)
            {
                // Numbers so large that no row can be weighed.
            }
        }

        Assert.InRange(refused, 1000, 2999);
    }

    [Fact]
    public void A_map_is_no_classifier()
    {
        var map = new StoredModel("principal-components");
        Assert.Contains("expected classifier", Assert.Throws<DataException>(() => TrainedModelFile.Restore(map)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_longer_than_a_piece_is_read_as_it_was_written()
    {
        double[] numbers = [.. Enumerable.Range(0, (1 << 20) + 3).Select(i => i * 0.1)];
        var model = new StoredModel("example");
        model.Add("numbers", numbers);
        model.Write(_folder["model"]);
        Assert.Equal(numbers, StoredModel.Read(_folder["model"]).Doubles("numbers"));
    }

    private static Dataset Data(int n, int k)
    {
        var random = new Random(n + k);
        var features = new FeatureMatrix(n, k, [.. Enumerable.Range(0, n * k).Select(_ => random.NextDouble() - 0.5)]);
        return new Dataset(features, "data")
        {
            FeatureNames = [.. Enumerable.Range(0, k).Select(i => $"x{i}")],
            Labels = [.. Enumerable.Range(0, n).Select(row => row % 3 == 0 ? "b" : row % 2 == 0 ? "ä" : "c, d")],
        };
    }

    private TrainedModel Kept(TrainedModel model)
    {
        TrainedModelFile.Store(model).Write(_folder["model"]);
        return TrainedModelFile.Restore(StoredModel.Read(_folder["model"]));
    }

    private static string Certificates(TrainedModel model)
    {
        var encoding = LabelEncoding.FromTrainingLabels(model.Training);
        int classes = encoding.Classes.Count;
        var labels = new ClassLabels(encoding.Encode(model.Training), classes);
        var random = new Random(3);
        int k = model.Head.Features;
        var tests = new FeatureMatrix(6, k, [.. Enumerable.Range(0, 6 * k).Select(_ => random.NextDouble() - 0.5)]);
        return string.Join('\n', new Certifier(model.Head, labels, new Noise(0.2, classes), new CertifierOptions { Threads = 1 }).CertifyBatch(tests)
            .Select(row => $"{row.Prediction} {row.LogFailure:R} {string.Join(' ', row.Certificates)}"));
    }
}
