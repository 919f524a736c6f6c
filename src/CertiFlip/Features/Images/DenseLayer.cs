using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>Every output is a weighted sum of all inputs. Weights lie by output, then input.</summary>
internal sealed class DenseLayer(int inputs, int outputs) : ILayer
{
    public int Inputs => inputs;

    public int Outputs => outputs;

    public int Weights => (inputs + 1) * outputs;

    public int Biases => outputs;

    public int FanIn => inputs;

    public void Forward(ReadOnlySpan<float> weights, ReadOnlySpan<Vector512<float>> input, Span<Vector512<float>> output)
    {
        for (int o = 0; o < outputs; o++)
        {
            Vector512<float> even = Vector512.Create(weights[inputs * outputs + o]), odd = default;
            ReadOnlySpan<float> row = weights.Slice(o * inputs, inputs);
            int i = 0;
            for (; i + 1 < inputs; i += 2)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Create(row[i]), input[i], even);
                odd = Vector512.FusedMultiplyAdd(Vector512.Create(row[i + 1]), input[i + 1], odd);
            }

            if (i < inputs)
                even = Vector512.FusedMultiplyAdd(Vector512.Create(row[i]), input[i], even);
            output[o] = even + odd;
        }
    }

    public void Backward(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<Vector512<float>> input,
        ReadOnlySpan<Vector512<float>> output,
        ReadOnlySpan<Vector512<float>> outputGradient,
        Span<float> weightGradient,
        Span<Vector512<float>> inputGradient)
    {
        inputGradient.Clear();
        for (int o = 0; o < outputs; o++)
        {
            Vector512<float> slope = outputGradient[o];
            int row = o * inputs;
            for (int i = 0; i < inputs; i++)
            {
                weightGradient[row + i] = ImageLanes.Sum(slope * input[i]);
                inputGradient[i] = Vector512.FusedMultiplyAdd(Vector512.Create(weights[row + i]), slope, inputGradient[i]);
            }

            weightGradient[inputs * outputs + o] = ImageLanes.Sum(slope);
        }
    }
}
