namespace CertiFlip.Tests.Features.Images;

/// <summary>
/// The network as its description reads, one image at a time, in double precision. Shares no code with the library's.
/// </summary>
internal sealed class PlainNetwork(int channels, int height, int width, int features, int classes, double[] weights)
{
    private const int Kernel = 5;

    /// <summary>The mean cross-entropy of some images.</summary>
    public double Loss(double[][] images, int[] labels) => images.Select((image, i) =>
    {
        double[] scores = Scores(image).Scores;
        double largest = scores.Max();
        return largest + Math.Log(scores.Sum(score => Math.Exp(score - largest))) - scores[labels[i]];
    }).Average();

    /// <summary>Features and scores of one image.</summary>
    public (double[] Features, double[] Scores) Scores(double[] image)
    {
        int at = 0;
        double[] first = Pool(Convolve(image, channels, height, width, 16, ref at), 16, height - 4, width - 4);
        int h = (height - 4) / 2, w = (width - 4) / 2;
        double[] second = Pool(Convolve(first, 16, h, w, 32, ref at), 32, h - 4, w - 4);
        double[] embedding = Dense(second, features, ref at);
        return (embedding, Dense([.. embedding.Select(x => Math.Max(0, x))], classes, ref at));
    }

    private double[] Convolve(double[] input, int inputs, int h, int w, int outputs, ref int at)
    {
        int outHeight = h - Kernel + 1, outWidth = w - Kernel + 1, biases = at + inputs * Kernel * Kernel * outputs;
        double[] output = new double[outputs * outHeight * outWidth];
        for (int o = 0; o < outputs; o++)
        {
            for (int y = 0; y < outHeight; y++)
            {
                for (int x = 0; x < outWidth; x++)
                {
                    double sum = weights[biases + o];
                    for (int c = 0; c < inputs; c++)
                    {
                        for (int i = 0; i < Kernel * Kernel; i++)
                            sum += input[(c * h + y + i / Kernel) * w + x + i % Kernel]
                                * weights[at + (c * Kernel * Kernel + i) * outputs + o];
                    }

                    output[(o * outHeight + y) * outWidth + x] = sum;
                }
            }
        }

        at = biases + outputs;
        return output;
    }

    private static double[] Pool(double[] input, int channels, int h, int w)
    {
        double At(int c, int y, int x) => input[(c * h + y) * w + x];
        return
        [
            .. from c in Enumerable.Range(0, channels)
               from y in Enumerable.Range(0, h / 2)
               from x in Enumerable.Range(0, w / 2)
               select (
                   (double[])[0, At(c, 2 * y, 2 * x), At(c, 2 * y, 2 * x + 1), At(c, 2 * y + 1, 2 * x), At(c, 2 * y + 1, 2 * x + 1)]).Max(),
        ];
    }

    private double[] Dense(double[] input, int outputs, ref int at)
    {
        int start = at;
        at += (input.Length + 1) * outputs;
        return [.. Enumerable.Range(0, outputs)
            .Select(o => weights[start + input.Length * outputs + o]
                + input.Select((x, i) => x * weights[start + o * input.Length + i]).Sum())];
    }
}
