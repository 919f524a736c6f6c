using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>8 doubles at a time.</summary>
internal readonly struct Lanes512 : ILanes<Vector512<double>>
{
    public static int Count => 8;

    public static Vector512<double> Load(ref readonly double source, nuint index) => Vector512.LoadUnsafe(in source, index);

    public static void Store(Vector512<double> value, ref double destination, nuint index) => value.StoreUnsafe(ref destination, index);

    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    public static Vector512<double> Divide(Vector512<double> a, Vector512<double> b) => a / b;

    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);

    public static Vector512<double> Abs(Vector512<double> value) => Vector512.Abs(value);

    public static Vector512<double> Max(Vector512<double> a, Vector512<double> b) => Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    public static Vector512<double> SelectPositive(Vector512<double> value, Vector512<double> positive, Vector512<double> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(value, Vector512<double>.Zero), positive, otherwise);

    public static uint AtLeast(Vector512<double> a, Vector512<double> b) => (uint)Vector512.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static Vector512<double> AddToExponent(Vector512<double> value, Vector512<double> shifter) =>
        (value.AsInt64() + (shifter.AsInt64() << 52)).AsDouble();

    public static Vector512<double> NegativeExponential(Vector512<double> a) => NegativeExponential<Lanes512, Vector512<double>>.Of(a);

    public static double Sum(Vector512<double> value)
    {
        double sum = 0;
        for (int lane = 0; lane < Count; lane++)
            sum += value[lane];
        return sum;
    }
}
