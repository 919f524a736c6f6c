using System.Runtime.Intrinsics;
using CertiFlip.Features.Images;

namespace CertiFlip.Tests.Features.Images;

/// <summary>
/// The network's scores and derivatives against a plain twin in double precision, with an odd height, two channels and
/// half-empty lanes.
/// </summary>
public class GradientTests
{
    private const int Channels = 2, Height = 17, Width = 23, Features = 5, Classes = 3, Images = 19;
    private const double Step = 1e-5;

    private static readonly Network Network = new(new ImageShape(Height, Width, Channels), Features, Classes);
    private static readonly float[] Weights = WithBiases(NetworkTraining.FirstWeights(Network, 3));
    private static readonly double[][] Inputs = RandomImages();
    private static readonly int[] Labels = [.. Enumerable.Range(0, Images).Select(i => i * i % Classes)];

    [Fact]
    public void Features_and_scores_are_those_of_the_plain_network()
    {
        var map = new ConvolutionalNetwork(new ImageShape(Height, Width, Channels), Features, Classes, Weights);
        var images = new FeatureMatrix(Images, Inputs[0].Length, [.. Inputs.SelectMany(image => image)]);
        FeatureMatrix features = map.Transform(images);
        int[] classes = map.Predict(images);
        for (int i = 0; i < Images; i++)
        {
            (double[] expected, double[] scores) = Plain(Weights).Scores(Inputs[i]);
            Assert.All(expected.Index(), entry => Assert.Equal(entry.Item, features.Row(i)[entry.Index], 1e-4));
            Assert.Equal(scores.IndexOf(scores.Max()), classes[i]);
        }
    }

    [Fact]
    public void Derivatives_are_the_differences_of_the_plain_loss()
    {
        float[] gradient = Gradient();
        double largest = gradient.Max(Math.Abs);

        // Some of each layer, its biases too.
        foreach (int weight in Enumerable.Range(0, Network.Layers.Count).SelectMany(SomeOf))
        {
            double[] up = Array.ConvertAll(Weights, w => (double)w), down = [.. up];
            up[weight] += Step;
            down[weight] -= Step;
            double expected = (Plain(up).Loss(Inputs, Labels) - Plain(down).Loss(Inputs, Labels)) / (2 * Step);
            Assert.True(Math.Abs(expected - gradient[weight]) < 1e-4 * largest,
                $"weight {weight}: {gradient[weight]} instead of {expected}");
        }
    }

    private static IEnumerable<int> SomeOf(int layer)
    {
        (int start, int count) = Network.WeightsOf(layer).GetOffsetAndLength(Network.Weights);
        return Enumerable.Range(0, Math.Min(20, count)).Select(i => start + (int)((long)i * (count - 1) / 19));
    }

    private static float[] Gradient()
    {
        float[] sum = new float[Network.Weights];
        var images = new FeatureMatrix(Images, Inputs[0].Length, [.. Inputs.SelectMany(image => image)]);
        for (int first = 0; first < Images; first += ImageLanes.Count)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(ImageLanes.Count, Images - first))];
            Vector512<float>[][] numbers = Network.Room(), slopes = Network.Room();
            float[] part = new float[Network.Weights];
            ImageLanes.Load(images, rows, numbers[0]);
            Network.Forward(Weights, numbers);
            SoftmaxLoss.Gradient(numbers[^1], [.. rows.Select(row => Labels[row])], Images, slopes[^1]);
            Network.Backward(Weights, numbers, slopes, part);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += part[i];
        }

        return sum;
    }

    private static float[] WithBiases(float[] weights)
    {
        var random = new Random(9);
        return [.. weights.Select(weight => weight == 0 ? (float)(0.2 * random.NextDouble() - 0.1) : weight)];
    }

    private static double[][] RandomImages()
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, Images)
            .Select(_ => (double[])[.. Enumerable.Range(0, Channels * Height * Width).Select(_ => (double)(float)random.NextDouble())])];
    }

    private static PlainNetwork Plain(IEnumerable<float> weights) => Plain([.. weights.Select(weight => (double)weight)]);

    private static PlainNetwork Plain(double[] weights) => new(Channels, Height, Width, Features, Classes, weights);
}
