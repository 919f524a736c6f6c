using System.Runtime.CompilerServices;

namespace CertiFlip.Kernels;

/// <summary>
/// One double at a time: the twin every vector kernel is held against, and what runs where there are no vector
/// instructions.
/// </summary>
internal readonly struct ScalarLanes : ILanes<double>
{
    public static int Count => 1;

    public static bool AreSingle => false;

    public static double Load(ref readonly double source, nuint index) => Unsafe.Add(ref Unsafe.AsRef(in source), index);

    public static void Store(double value, ref double destination, nuint index) => Unsafe.Add(ref destination, index) = value;

    public static double Broadcast(double value) => value;

    public static double Add(double a, double b) => a + b;

    public static double Subtract(double a, double b) => a - b;

    public static double Multiply(double a, double b) => a * b;

    public static double Divide(double a, double b) => a / b;

    public static double MultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    public static double Abs(double value) => Math.Abs(value);

    public static double Max(double a, double b) => a > b ? a : b;

    public static double SelectPositive(double value, double positive, double otherwise) => value > 0 ? positive : otherwise;

    public static uint AtLeast(double a, double b) => a >= b ? 1u : 0;

    public static int StoreBetween(double value, double least, double below, ref double destination)
    {
        destination = value;
        return value >= least && value < below ? 1 : 0;
    }

    public static double AddToExponent(double value, double shifter) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) + (BitConverter.DoubleToInt64Bits(shifter) << 52));
}

/// <summary>One double at a time, kept as a float: the twin of the other lanes of floats.</summary>
internal readonly struct ScalarSingleLanes : ISingleLanes<float>
{
    public static int Count => 1;

    public static bool AreSingle => true;

    public static float Load(ref readonly double source, nuint index) => (float)Unsafe.Add(ref Unsafe.AsRef(in source), index);

    public static void Store(float value, ref double destination, nuint index) => Unsafe.Add(ref destination, index) = value;

    public static float Broadcast(double value) => (float)value;

    public static float LoadSingles(ref readonly float source, nuint index) => Unsafe.Add(ref Unsafe.AsRef(in source), index);

    public static void StoreSingles(float value, ref float destination, nuint index) => Unsafe.Add(ref destination, index) = value;

    public static float BroadcastSingle(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Abs(float value) => MathF.Abs(value);

    public static float Max(float a, float b) => a > b ? a : b;

    public static float SelectPositive(float value, float positive, float otherwise) => value > 0 ? positive : otherwise;

    public static uint AtLeast(float a, float b) => a >= b ? 1u : 0;

    public static int StoreBetween(float value, float least, float below, ref double destination)
    {
        destination = value;
        return value >= least && value < below ? 1 : 0;
    }

    public static float AddToExponent(float value, float shifter) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) + (BitConverter.SingleToInt32Bits(shifter) << 23));
}
