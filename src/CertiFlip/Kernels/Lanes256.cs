using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>4 doubles at a time.</summary>
internal readonly struct Lanes256 : ILanes<Vector256<double>>
{
    public static int Count => 4;

    public static Vector256<double> Load(ref readonly double source, nuint index) => Vector256.LoadUnsafe(in source, index);

    public static void Store(Vector256<double> value, ref double destination, nuint index) => value.StoreUnsafe(ref destination, index);

    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    public static Vector256<double> Divide(Vector256<double> a, Vector256<double> b) => a / b;

    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.FusedMultiplyAdd(a, b, c);

    public static Vector256<double> Abs(Vector256<double> value) => Vector256.Abs(value);

    public static Vector256<double> Max(Vector256<double> a, Vector256<double> b) => Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    public static Vector256<double> SelectPositive(Vector256<double> value, Vector256<double> positive, Vector256<double> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(value, Vector256<double>.Zero), positive, otherwise);

    public static uint AtLeast(Vector256<double> a, Vector256<double> b) => Vector256.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static Vector256<double> AddToExponent(Vector256<double> value, Vector256<double> shifter) =>
        (value.AsInt64() + (shifter.AsInt64() << 52)).AsDouble();

    public static Vector256<double> NegativeExponential(Vector256<double> a) => NegativeExponential<Lanes256, Vector256<double>>.Of(a);

    public static double Sum(Vector256<double> value)
    {
        double sum = 0;
        for (int lane = 0; lane < Count; lane++)
            sum += value[lane];
        return sum;
    }
}
