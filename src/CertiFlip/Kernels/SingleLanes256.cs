using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>8 doubles at a time, kept as floats.</summary>
internal readonly struct SingleLanes256 : ILanes<Vector256<float>>
{
    public static int Count => 8;

    public static Vector256<float> Load(ref readonly double source, nuint index) =>
        Vector256.Narrow(Vector256.LoadUnsafe(in source, index), Vector256.LoadUnsafe(in source, index + 4));

    public static void Store(Vector256<float> value, ref double destination, nuint index)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(value);
        low.StoreUnsafe(ref destination, index);
        high.StoreUnsafe(ref destination, index + 4);
    }

    public static Vector256<float> Broadcast(double value) => Vector256.Create((float)value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    public static Vector256<float> SelectPositive(Vector256<float> value, Vector256<float> positive, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(value, Vector256<float>.Zero), positive, otherwise);

    public static uint AtLeast(Vector256<float> a, Vector256<float> b) => Vector256.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static Vector256<float> AddToExponent(Vector256<float> value, Vector256<float> shifter) =>
        (value.AsInt32() + (shifter.AsInt32() << 23)).AsSingle();

    public static Vector256<float> NegativeExponential(Vector256<float> a) => RoughExponential<SingleLanes256, Vector256<float>>.Of(a);

    public static double Sum(Vector256<float> value)
    {
        double sum = 0;
        for (int lane = 0; lane < Count; lane++)
            sum += value[lane];
        return sum;
    }
}
